/**
 * Where texts of the pages are still in English alone, folders with a slash at their end. It only
 * gets shorter, and goes when it is empty. Parts, so that they can be taken off side by side.
 */
export const notMoved: string[] = [
  // Calls: what is used, what it costs, what is on sale.
  'app/routes/usage/address.server.ts',

  // People: keys, settings, invitations, notices.
  'app/pages/team-fields.ts',
  'app/routes/settings/',
  'app/routes/settings_.log/',
  'app/routes/settings_.people/',
  'app/routes/settings_.people_.$id/',
  'app/ui/account/role-fields.tsx',
  'app/ui/account/role-words.ts',
  'app/ui/account/team-refusals.ts',
]
