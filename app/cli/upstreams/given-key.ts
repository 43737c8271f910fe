import { limits } from '../../config/limits.ts'
import type { GivenKey } from '../../admin/admin.server.ts'
import type { Arguments } from '../arguments.ts'
import type { Context } from '../context.ts'
import { refused, type VerbResult } from '../verb-result.ts'

/** Where a key is to be read from; never what it is: arguments are seen by everybody on a machine. */
export const keySource = (args: Arguments) =>
  args.text('key-from', null, {
    form: /^(-|[A-Za-z_]\w*)$/,
    wants: 'the name of a variable that holds the key, or - for standard input',
  })

/** Reads a key from where it was said to be, or answers why it cannot be taken. */
export async function readKey(
  { sources, sealer }: Pick<Context, 'sources' | 'sealer'>,
  { from, name }: { from: string; name: string },
): Promise<{ key: GivenKey } | { refusal: VerbResult }> {
  if (!sealer) {
    const words =
      'Keys are kept sealed, and nothing seals them here: set UPSTREAM_KEYS_SECRET to what ' +
      '`openssl rand -base64 32` answers, for the relay and for this command.'
    return { refusal: refused('no_secret', words) }
  }
  const text = from === '-' ? await sources.input() : sources.variable(from)
  const secret = text?.trim() ?? ''
  const where = from === '-' ? 'Standard input' : `The variable ${from}`
  const unreadable = (what: string) => ({ refusal: refused('key_unreadable', `${where} ${what}.`) })
  if (secret === '') return unreadable('is empty')
  const { keyCharsMax } = limits.upstreams
  if (secret.length > keyCharsMax) return unreadable(`is longer than ${keyCharsMax} characters`)
  if (!/^[!-~]+$/.test(secret))
    return unreadable('holds what no key has: a space, or a letter beyond ASCII')
  return { key: { name, secret, sealer } }
}
