import type { FoundError } from '../endpoint.ts'

/** A model as its upstream knows it, and as its customers do. */
export type Named = { theirs: string; ours: string }

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The upstream's name as it may stand in a text: whole, in an address, or without whose it is. */
function namesOf({ theirs }: Named): string[] {
  const own = theirs.slice(theirs.lastIndexOf('/') + 1)
  const names = [theirs, encodeURIComponent(theirs), own].filter((name) => name !== '')
  return [...new Set(names)].map(quoted)
}

/**
 * A text of an upstream with our name for the model in place of its own, which may be what an
 * operator calls a deployment of theirs.
 */
export function inOurNames(text: string, named: Named): string {
  if (named.theirs === named.ours) return text
  // Ours first, or what it has in common with theirs would be put into it again.
  const names = [quoted(named.ours), ...namesOf(named)].join('|')
  const whole = new RegExp(`(?<![\\p{L}\\p{N}])(?:${names})(?![\\p{L}\\p{N}])`, 'giu')
  return text.replace(whole, () => named.ours)
}

const goneKinds =
  /^(?:(?:model|deployment)_?not_?(?:found|exists?)|(?:invalid|unknown)_model|unknown_deployment)$/
const goneWords = [
  "does ?n[o’']t exist",
  'not exist',
  '(?:is |was |could )?not (?:be )?found',
  'is not a valid model',
  'is unknown',
  'has been (?:deprecated|removed|shut down)',
  '(?:is )?no longer (?:exists|available)',
].join('|')

/** What a server says first of a model it does not have; a client's own words stand further on. */
function saysGone(message: string, named: Named): boolean {
  const names = namesOf(named).join('|')
  const subject = `(?:the )?(?:requested |api )?(?:models?|deployment)?[:\\s/]*["'\`]?(?:${names})["'\`]?`
  const object = `(?:the )?(?:api )?(?:deployment|model)(?: for this resource)?`
  const gone = new RegExp(`^\\W*(?:${subject}|${object}) (?:model )?(?:${goneWords})`, 'iu')
  const alone = new RegExp(`^model: (?:${names})$`, 'iu')
  return gone.test(message) || alone.test(message)
}

/**
 * Whether an upstream says that it does not have the model: which one it is asked for is the
 * operator's word, and no client's.
 */
export function isModelGone(status: number, error: FoundError | undefined, named: Named): boolean {
  if (!error || (status !== 404 && status !== 400)) return false
  const isKind = error.kinds.some((it) =>
    goneKinds.test(
      it
        .replace(/(?<=[a-z])(?=[A-Z])/g, '_')
        .toLowerCase()
        .replaceAll(/[\s.-]/g, '_'),
    ),
  )
  return isKind || saysGone(error.message ?? '', named)
}
