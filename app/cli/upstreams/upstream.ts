import type { Pool } from '../../db/db.server.ts'
import { limits } from '../../config/limits.ts'
import { readUpstreams, type StoredUpstream } from '../../upstreams/upstreams.server.ts'
import type { Arguments } from '../arguments.ts'
import { refused, type VerbResult } from '../verb-result.ts'

const { nameCharsMax } = limits.upstreams
const nameForm = {
  charsMax: nameCharsMax,
  form: /^[a-z0-9][a-z0-9._-]*$/,
  wants: `lower-case letters, digits and . _ -, at most ${nameCharsMax}`,
}

/** The name of an upstream, or of a key, among the arguments. */
export const nameOf = <O>(args: Arguments, operand: string, otherwise: O) =>
  args.text(operand, otherwise, nameForm)

export const noSuchUpstream = (name: string) =>
  refused('no_such_upstream', `There is no upstream ${name}.`)
export const noSuchKey = (upstream: string, key: string) =>
  refused('no_such_key', `The upstream ${upstream} has no key ${key}.`)

/** Upstreams as the database has them, and the names of those that cannot be read. */
export async function upstreamsIn(pool: Pool) {
  const unreadable: string[] = []
  const upstreams = await readUpstreams(pool, (name) => unreadable.push(name))
  return { upstreams, unreadable }
}

/** The upstream of this name, or why there is none to work with. */
export async function upstreamNamed(
  pool: Pool,
  name: string,
): Promise<{ upstream: StoredUpstream } | { refusal: VerbResult }> {
  const { upstreams, unreadable } = await upstreamsIn(pool)
  const upstream = upstreams.find((it) => it.name === name)
  if (upstream) return { upstream }
  if (!unreadable.includes(name)) return { refusal: noSuchUpstream(name) }
  const words =
    `The definition of ${name} cannot be read by this version; ` +
    '`upstream remove` takes it away, and `upstream add` makes it anew.'
  return { refusal: refused('bad_definition', words) }
}

/** What is wrong, a line each: of a definition, mostly. */
export const refusedFor = (problems: readonly string[]) =>
  refused('bad_definition', `Nothing was changed: ${problems.join('; ')}.`)
