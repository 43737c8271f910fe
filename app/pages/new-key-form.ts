import { z } from 'zod'
import { limits } from '../config/limits.ts'
import { createKey } from '../keys/keys.server.ts'
import type { Services } from '../services.ts'
import { newFormToken, spendFormToken } from './form-token.ts'

const { nameCharsMax, perAccountMax } = limits.keys

const NewKey = z.object({
  name: z
    .string('Give the key a name.')
    .trim()
    .min(1, 'Give the key a name.')
    .max(nameCharsMax, `A name has at most ${nameCharsMax} characters.`)
    // Names are printed in terminals and written to CSV.
    .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]*$/u, 'A name is one line of visible characters.'),
})

/** How a form that makes a key is answered. Each answer brings the token for the next form. */
export type NewKeyAnswer = { formToken: string } & (
  | { kind: 'created'; status: 200; id: number; name: string; secret: string }
  | { kind: 'invalid'; status: 400; typed: string; error: string }
  /** The same form came before, and did its work then. */
  | { kind: 'repeated'; status: 409 }
)

const textOf = (value: unknown) => (typeof value === 'string' ? value.slice(0, 1_000) : '')

/**
 * Makes a key from a form, once, however often the form is sent: a browser without JavaScript sends
 * it again when the page is reloaded, or when the button is pressed twice. The secret is in this
 * answer only.
 */
export async function createKeyFromForm(
  { db }: Services,
  accountId: number,
  form: FormData,
): Promise<NewKeyAnswer> {
  const typed = textOf(form.get('name'))
  const formToken = newFormToken()
  const invalid = (error: string) =>
    ({ kind: 'invalid', status: 400, typed, error, formToken }) as const
  const parsed = NewKey.safeParse({ name: form.get('name') })
  if (!parsed.success) return invalid(parsed.error.issues[0]!.message)
  const token = await spendFormToken(db, form.get('formToken'), Date.now())
  if (token === 'repeated') return { kind: 'repeated', status: 409, formToken }
  if (token === 'stale') return invalid('This form lay open for too long. Send it once more.')
  const { name } = parsed.data
  const created = await createKey(db, accountId, { name })
  if (created) return { kind: 'created', status: 200, name, ...created, formToken }
  return invalid(`You have ${perAccountMax} keys, and there cannot be more. Revoke one first.`)
}
