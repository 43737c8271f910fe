/** How a call ended, in the order in which people are offered them to choose from. */
export const outcomes = [
  'completed',
  'refused',
  'failed',
  'disconnected',
  'revoked',
  'lost',
  'late',
] as const
export type Outcome = (typeof outcomes)[number]
