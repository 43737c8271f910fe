/** How providers date a version of a model at the end of its name, or say that it is the newest. */
const version =
  /(?:[-@](?:latest|\d{4}-\d{2}-\d{2}|\d{2}-\d{4}|\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3})|:latest)$/

/** Words behind a colon that choose among hosts of one model at its own price, not another model. */
const routing = /:(?:nitro|floor|exacto)$/

type Name = { family: string; version: string }

function nameOf(text: string): Name {
  // Azure may name no dot: its gpt-35-turbo is everybody's gpt-3.5-turbo.
  const folded = text
    .toLowerCase()
    .replace(routing, '')
    .replace(/(?<=\d)\.(?=\d)/g, '')
  const dated = version.exec(folded)?.[0] ?? ''
  const family = folded.slice(0, folded.length - dated.length)
  return { family, version: /latest$/.test(dated) ? '' : dated.replace(/^@/, '-') }
}

/** Equal but for whose it is, where only one of the two says so: `openai/gpt-4o` is `gpt-4o`. */
const isSameFamily = (a: string, b: string) => a === b || a.endsWith(`/${b}`) || b.endsWith(`/${a}`)

/** Two versions differ, in price too; a name without one may stand for any. */
const isSame = (a: Name, b: Name) =>
  isSameFamily(a.family, b.family) &&
  (a.version === b.version || a.version === '' || b.version === '')

/**
 * Whether an answer that names `answered` comes from the model that was asked for: the same name,
 * one of its aliases, or a dated snapshot of either, in the spellings of providers (upper case,
 * whose it is before a slash, `models/` of Gemini). An answer without a name says nothing else.
 */
export function isSameModel(asked: string, answered: string, aliases: readonly string[]): boolean {
  if (answered === '' || answered === asked) return true
  const name = nameOf(answered)
  return [asked, ...aliases].some((known) => known === answered || isSame(nameOf(known), name))
}
