import { changeKey, versionOf, type ApiKey } from '../../keys/keys.server.ts'
import { announceMoney } from '../../ledger/ledger.server.ts'
import type { PageServices } from '../../services.ts'
import {
  modelNames,
  readKeyFields,
  typedOf,
  type KeyErrors,
  type TypedKey,
} from '../../pages/pages.server.ts'
import { clockNow } from '../../values/clock.ts'

type ChangeKeyAnswer =
  | { kind: 'changed'; status: 200 }
  | { kind: 'invalid'; status: 400; typed: TypedKey; errors: KeyErrors }
  /** Somebody changed the key since the form was shown, or revoked it. */
  | { kind: 'stale' | 'gone'; status: 409 }

/**
 * Changes a key to what a form says. What the form was shown with and brings back unchanged stays
 * as it is, also an end that is over by now, or one within a day, which a day cannot say.
 */
export async function changeKeyFromForm(
  services: PageServices,
  accountId: number,
  key: ApiKey,
  form: FormData,
): Promise<ChangeKeyAnswer> {
  const version = form.get('version')
  // Then it is not known what an unchanged field stands for.
  if (version !== versionOf(key)) return { kind: 'stale', status: 409 }
  const shown = typedOf(key)
  const isKept = form.get('lastDay') === shown.lastDay
  if (isKept) form.set('lastDay', '')
  // A model that is no longer sold may stay on the list.
  const kept = key.models === null ? [] : (JSON.parse(key.models) as string[])
  const known = new Map([...kept.map((name) => [name, name] as const), ...modelNames(services)])
  const { typed, fields, errors } = readKeyFields(form, known, clockNow())
  if (isKept) typed.lastDay = shown.lastDay
  if (errors) return { kind: 'invalid', status: 400, typed, errors }
  if (isKept) fields.expiresAt = key.expiresAt
  const state = await changeKey(services.db, accountId, key.id, version, fields)
  if (state === 'changed') await announceMoney(services.redis, accountId)
  return state === 'changed' ? { kind: state, status: 200 } : { kind: state, status: 409 }
}
