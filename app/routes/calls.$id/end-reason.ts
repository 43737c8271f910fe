import type { CallEnd } from '../../ui/account/outcome-words.ts'
import type { CallErrorCode } from '../../values/error-codes.ts'

/** Why a call did not complete, and what to do about it, each a whole sentence. */
type Reason = { tone: 'info' | 'warn' | 'bad'; title: string; advice: string }

const errors = {
  invalid_api_key: {
    tone: 'warn',
    title: 'The key was revoked before this call was let in.',
    advice: 'Use another key.',
  },
  insufficient_balance: {
    tone: 'warn',
    title: 'There was not enough credit for this call.',
    advice: 'Add credit, or ask for a shorter answer with max_tokens.',
  },
  key_budget_exceeded: {
    tone: 'warn',
    title: 'This call did not fit the budget of its key.',
    advice: 'Raise the budget, wait until it begins anew, or ask for a shorter answer.',
  },
  rate_limit_exceeded: {
    tone: 'bad',
    title: 'The provider took no more calls at that moment.',
    advice: 'Send it again in a moment.',
  },
  internal_error: {
    tone: 'bad',
    title: 'The relay failed.',
    advice: 'Send it again. If it fails once more, tell whoever runs this relay the request id.',
  },
  upstream_error: {
    tone: 'bad',
    title: 'The provider failed, or broke the connection off.',
    advice: 'Send it again. If it goes on, try another model.',
  },
  upstream_unavailable: {
    tone: 'bad',
    title: 'The provider could not be reached, or was overloaded.',
    advice: 'Send it again in a moment. If it goes on, try another model.',
  },
  upstream_timeout: {
    tone: 'bad',
    title: 'The provider did not answer in time.',
    advice: 'Send it again. Long answers arrive more surely as a stream.',
  },
  upstream_refused: {
    tone: 'bad',
    title: 'The provider refused the request.',
    advice:
      'Its words were passed on to the client: change what they name before sending it again.',
  },
  overloaded: {
    tone: 'bad',
    title: 'The relay was busy, or being restarted.',
    advice: 'Send it again in a moment.',
  },
  client_closed_request: {
    tone: 'info',
    title: 'The client left before the answer had ended.',
    advice: 'If nobody stopped it, give the client more time to wait.',
  },
} satisfies Record<CallErrorCode, Reason>

/** Who may not see the account's money cannot add any either. */
const forWhoSeesNoMoney =
  'Ask whoever owns the account to add credit, or ask for a shorter answer with max_tokens.'

/** Null where there is nothing to explain: the call was completed. */
export function endReason({ outcome, errorCode }: CallEnd, seesMoney: boolean): Reason | null {
  if (errorCode === 'insufficient_balance' && !seesMoney)
    return { ...errors.insufficient_balance, advice: forWhoSeesNoMoney }
  switch (outcome) {
    case 'completed':
      return null
    case 'refused':
    case 'failed':
      return errors[errorCode ?? 'internal_error']
    case 'disconnected':
      return errors.client_closed_request
    case 'revoked':
      return {
        tone: 'warn',
        title: 'The key was revoked while this call was under way.',
        advice: 'Use another key.',
      }
    case 'lost':
      return {
        tone: 'bad',
        title: 'The relay that made this call went silent.',
        advice: 'Send it again, if its answer did not arrive.',
      }
    case 'late':
      return {
        tone: 'info',
        title: 'This call was charged late.',
        advice: 'The relay that made it was silent for too long. There is nothing to do.',
      }
  }
}
