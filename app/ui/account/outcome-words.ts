import type { Outcome } from '../../values/outcomes.ts'

/** How a call ended, in a word. */
export const outcomeWords = {
  completed: 'completed',
  refused: 'refused',
  failed: 'failed',
  disconnected: 'disconnected',
  revoked: 'revoked',
  lost: 'lost',
  late: 'late',
} satisfies Record<Outcome, string>
