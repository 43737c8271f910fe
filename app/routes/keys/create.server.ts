import type { Person } from '../../auth/auth.server.ts'
import { limits } from '../../config/limits.ts'
import { createKey } from '../../keys/keys.server.ts'
import type { PageServices } from '../../services.ts'
import { newFormToken, spendFormToken } from '../../pages/pages.server.ts'
import {
  findingIn,
  modelNames,
  readKeyFields,
  type KeyErrors,
  type TypedKey,
} from '../../pages/pages.server.ts'
import { clockNow } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'

const { perAccountMax } = limits.keys

/** How a form that makes a key is answered. Each answer brings the token for the next form. */
type NewKeyAnswer = { formToken: string } & (
  | { kind: 'created'; status: 200; id: number; name: string; secret: string }
  | { kind: 'invalid'; status: 400; typed: TypedKey; errors: KeyErrors }
  /** Nothing was made: models were looked for. */
  | { kind: 'finding'; status: 200; typed: TypedKey; find: string }
  /** The same form came before, and did its work then. */
  | { kind: 'repeated'; status: 409 }
)

/**
 * Makes a key from a form, once, however often the form is sent: a browser without JavaScript sends
 * it again when the page is reloaded, or when the button is pressed twice. The secret is in this
 * answer only.
 */
export async function createKeyFromForm(
  services: PageServices,
  { accountId, userId, zone }: Person,
  form: FormData,
): Promise<NewKeyAnswer> {
  const { db } = services
  const now = clockNow()
  const formToken = newFormToken()
  const finding = findingIn(form)
  if (finding) return { kind: 'finding', status: 200, ...finding, formToken }
  const { typed, fields, errors } = readKeyFields(form, modelNames(services), { now, zone })
  const invalid = (errors: KeyErrors) =>
    ({ kind: 'invalid', status: 400, typed, errors, formToken }) as const
  if (errors) return invalid(errors)
  const token = await spendFormToken(db, form.get('formToken'), now.getTime())
  if (token === 'repeated') return { kind: 'repeated', status: 409, formToken }
  if (token === 'stale')
    return invalid({
      name: msg`This form has expired. Check what you typed and send it once more.`,
    })
  const created = await createKey(db, accountId, fields, userId)
  if (created) return { kind: 'created', status: 200, name: fields.name, ...created, formToken }
  const full = msg`You have ${perAccountMax} keys, the most an account may have. Revoke one first.`
  return invalid({ name: full })
}
