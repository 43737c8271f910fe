/**
 * Where texts of the pages are still in English alone, folders with a slash at their end. It only
 * gets shorter, and goes when it is empty. Parts, so that they can be taken off side by side.
 */
export const notMoved: string[] = [
  // Calls: what is used, what it costs, what is on sale.
  'app/routes/usage/address.server.ts',
]
