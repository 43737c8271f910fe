import { msg } from '../../values/language/msg.ts'
import type { Refusal } from './said.ts'

/** What the API says of an error, as far as a page goes by it. */
type Told = {
  error: {
    message: string
    code: string | null
    needed_usd?: string
    available_usd?: string
    held_usd?: string
    budget_of?: string
  }
}

/** Codes that are about the key alone: what can be done about them is on its page. */
const ofKey = new Set<string | null>(['key_budget_exceeded', 'permission_denied'])

/** Where somebody goes on from what the API has said of a call that it did not answer. */
function wayOf({ error }: Told, keyId: number): Refusal['way'] {
  const { code, needed_usd: needed, available_usd: available, held_usd: held } = error
  if (code === 'insufficient_balance')
    return { to: 'credit', needed: needed ?? null, available: available ?? null, held }
  // A member's cap is no budget of the key.
  return ofKey.has(code) && error.budget_of !== 'member' ? { to: 'key', keyId } : null
}

/** The API's own words about a call that it did not answer, and what to do. */
export function refusalOf(
  { status, body, keyId }: { status: number; body: string; keyId: number },
  call: string | null,
): Refusal {
  const told = JSON.parse(body) as Told
  const { message, code } = told.error
  // It was there a moment ago.
  if (code === 'invalid_api_key') return { ...notCalled.revoked, call }
  return { status, message, call, way: wayOf(told, keyId) }
}

/** Why nothing was called. */
export const notCalled = {
  full: {
    status: 409,
    message: msg`This account has as many keys as it may have. Revoke one, then send it once more.`,
    call: null,
    way: { to: 'keys' },
  },
  revoked: {
    status: 409,
    message: msg`The key of the playground was revoked just now. Send it once more for another.`,
    call: null,
    way: null,
  },
  expired: (keyId: number): Refusal => ({
    status: 409,
    message: msg`The last day of the playground’s key is over. Give it a later one, or revoke it.`,
    call: null,
    way: { to: 'key', keyId },
  }),
} as const satisfies Record<string, Refusal | ((keyId: number) => Refusal)>
