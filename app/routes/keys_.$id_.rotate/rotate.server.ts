import type { MessageDescriptor } from '@lingui/core'
import { limits } from '../../config/limits.ts'
import type { Person } from '../../auth/auth.server.ts'
import { rotateKey, type ApiKey } from '../../keys/keys.server.ts'
import { newFormToken, spendFormToken } from '../../pages/pages.server.ts'
import type { PageServices } from '../../services.ts'
import { clockMs } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'

const { rotateHoursMax } = limits.keys

/** How a form that asks for a new secret is answered. Each answer brings the token for the next. */
type RotateAnswer = { formToken: string } & (
  | { kind: 'rotated'; status: 200; secret: string; hours: number }
  | { kind: 'invalid'; status: 400; typed: string; error: MessageDescriptor }
  /** The same form came before, and did its work then. */
  | { kind: 'repeated' | 'gone'; status: 409 }
)

/** Gives a key a new secret, once however often its form is sent: the secret is in this answer only. */
export async function rotateFromForm(
  { db }: PageServices,
  { accountId, userId }: Person,
  { id: keyId }: ApiKey,
  form: FormData,
): Promise<RotateAnswer> {
  const formToken = newFormToken()
  const given = form.get('hours')
  const typed = typeof given === 'string' ? given.trim() : ''
  const invalid = (error: MessageDescriptor) =>
    ({ kind: 'invalid', status: 400, typed, error, formToken }) as const
  const hours = /^\d{1,4}$/.test(typed) ? Number(typed) : NaN
  if (!(hours <= rotateHoursMax))
    return invalid(msg`Write a whole number of hours from 0 to ${rotateHoursMax}.`)
  const token = await spendFormToken(db, form.get('formToken'), clockMs())
  if (token === 'repeated') return { kind: 'repeated', status: 409, formToken }
  if (token === 'stale') return invalid(msg`This form has expired. Send it once more.`)
  const secret = await rotateKey(db, { accountId, keyId, userId }, hours)
  if (secret === undefined) return { kind: 'gone', status: 409, formToken }
  return { kind: 'rotated', status: 200, secret, hours, formToken }
}
