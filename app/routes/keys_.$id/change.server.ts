import {
  announceRevocation,
  changeKey,
  setDisabled,
  versionOf,
  type ApiKey,
} from '../../keys/keys.server.ts'
import { announceMoney } from '../../ledger/ledger.server.ts'
import type { PageServices } from '../../services.ts'
import type { Person } from '../../auth/auth.server.ts'
import {
  findingIn,
  modelNames,
  readKeyFields,
  typedOf,
  type KeyErrors,
  type TypedKey,
} from '../../pages/pages.server.ts'
import { clockNow } from '../../values/clock.ts'

type ChangeKeyAnswer =
  /** It was asked for before the form: nothing of it is changed. */
  | { kind: 'disabled' | 'enabled'; status: 200 }
  | { kind: 'finding'; status: 200; typed: TypedKey; find: string }
  | { kind: 'changed'; status: 200 }
  | { kind: 'invalid'; status: 400; typed: TypedKey; errors: KeyErrors }
  /** Somebody changed the key since the form was shown, or revoked it. */
  | { kind: 'stale' | 'gone'; status: 409 }
  /** Somebody who decides over the keys of others has disabled it. */
  | { kind: 'not theirs'; status: 403 }

/**
 * Changes a key to what a form says. What the form was shown with and brings back unchanged stays
 * as it is, also an end that is over by now, or one within a day, which a day cannot say.
 */
export async function changeKeyFromForm(
  services: PageServices,
  { accountId, userId, zone }: Person,
  key: ApiKey,
  form: FormData,
): Promise<ChangeKeyAnswer> {
  const finding = findingIn(form)
  if (finding) return { kind: 'finding', status: 200, ...finding }
  const version = form.get('version')
  // Then it is not known what an unchanged field stands for.
  if (version !== versionOf(key)) return { kind: 'stale', status: 409 }
  const shown = typedOf(zone, key)
  const isKept = form.get('lastDay') === shown.lastDay
  if (isKept) form.set('lastDay', '')
  // A model that is no longer sold may stay on the list.
  const kept = key.models === null ? [] : (JSON.parse(key.models) as string[])
  const known = new Map([...kept.map((name) => [name, name] as const), ...modelNames(services)])
  const { typed, fields, errors } = readKeyFields(form, known, { now: clockNow(), zone })
  if (isKept) typed.lastDay = shown.lastDay
  if (errors) return { kind: 'invalid', status: 400, typed, errors }
  if (isKept) fields.expiresAt = key.expiresAt
  const which = { accountId, keyId: key.id, userId }
  const state = await changeKey(services.db, which, version, fields)
  if (state === 'changed') await announceMoney(services.redis, accountId)
  return state === 'changed' ? { kind: state, status: 200 } : { kind: state, status: 409 }
}

/** Stops a key for a while, and what it has under way; or has it work again. */
export async function switchKey(
  { db, redis }: PageServices,
  { accountId, userId }: Person,
  { id: keyId, revokedAt }: ApiKey,
  isDisabled: boolean,
): Promise<ChangeKeyAnswer> {
  if (revokedAt) return { kind: 'gone', status: 409 }
  const state = await setDisabled(db, { accountId, keyId, userId }, isDisabled)
  if (state === 'not theirs') return { kind: state, status: 403 }
  if (state === 'gone') return { kind: state, status: 409 }
  // Also where it was disabled before: the last announcement may have been lost.
  if (isDisabled) await announceRevocation(redis, keyId)
  return { kind: isDisabled ? 'disabled' : 'enabled', status: 200 }
}
