import type { MessageDescriptor } from '@lingui/core'
import type { CallEnd } from '../../ui/account/outcome-words.ts'
import type { CallErrorCode } from '../../values/error-codes.ts'
import { msg } from '../../values/language/msg.ts'

/** Why a call did not complete, and what to do about it, each a whole sentence. */
type Reason = { tone: 'info' | 'warn' | 'bad'; title: MessageDescriptor; advice: MessageDescriptor }

const errors = {
  invalid_api_key: {
    tone: 'warn',
    title: msg`The key was revoked before this call was let in.`,
    advice: msg`Use another key.`,
  },
  insufficient_balance: {
    tone: 'warn',
    title: msg`There was not enough credit for this call.`,
    advice: msg`Add credit, or ask for a shorter answer with max_tokens.`,
  },
  key_budget_exceeded: {
    tone: 'warn',
    title: msg`This call did not fit the budget of its key.`,
    advice: msg`Raise the budget, wait until it begins anew, or ask for a shorter answer.`,
  },
  rate_limit_exceeded: {
    tone: 'bad',
    title: msg`The provider took no more calls at that moment.`,
    advice: msg`Send it again in a moment.`,
  },
  internal_error: {
    tone: 'bad',
    title: msg`The relay failed.`,
    advice: msg`Send it again. If it fails once more, tell whoever runs this relay the request id.`,
  },
  upstream_error: {
    tone: 'bad',
    title: msg`The provider failed, or broke the connection off.`,
    advice: msg`Send it again. If it goes on, try another model.`,
  },
  upstream_unavailable: {
    tone: 'bad',
    title: msg`The provider could not be reached, or was overloaded.`,
    advice: msg`Send it again in a moment. If it goes on, try another model.`,
  },
  upstream_timeout: {
    tone: 'bad',
    title: msg`The provider did not answer in time.`,
    advice: msg`Send it again. Long answers arrive more surely as a stream.`,
  },
  upstream_refused: {
    tone: 'bad',
    title: msg`The provider refused the request.`,
    advice: msg`Its words were passed on to the client: change what they name before sending it again.`,
  },
  overloaded: {
    tone: 'bad',
    title: msg`The relay was busy, or being restarted.`,
    advice: msg`Send it again in a moment.`,
  },
  client_closed_request: {
    tone: 'info',
    title: msg`The client left before the answer had ended.`,
    advice: msg`If nobody stopped it, give the client more time to wait.`,
  },
} satisfies Record<CallErrorCode, Reason>

/** Who may not see the account's money cannot add any either. */
const forWhoSeesNoMoney = msg`Ask whoever owns the account to add credit, or ask for a shorter answer with max_tokens.`

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
        title: msg`The key was revoked while this call was under way.`,
        advice: msg`Use another key.`,
      }
    case 'lost':
      return {
        tone: 'bad',
        title: msg`The relay that made this call went silent.`,
        advice: msg`Send it again, if its answer did not arrive.`,
      }
    case 'late':
      return {
        tone: 'info',
        title: msg`This call was charged late.`,
        advice: msg`The relay that made it was silent for too long. There is nothing to do.`,
      }
  }
}
