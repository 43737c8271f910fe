import type { FoundError } from './endpoint.ts'

/**
 * Whom an upstream's error is about: the client's own request, a limit that passes, the operator's
 * purse, the operator otherwise (their key, their rights), or nobody but the upstream.
 */
export type Blame = 'client' | 'limit' | 'purse' | 'operator' | 'upstream'

/** These are about the request or its head, whoever says them; the other two about its content. */
const aboutRequest = new Set([400, 404, 413, 414, 422, 431])
const aboutContent = new Set([403, 451])

// Names of errors, in lower case and with underscores; some servers write them in one word.
const purseKinds =
  /quota|billing|balance|credit|payment|arrears|overdue|spending|insufficient_?fund/
const limitKinds = /rate_?limit|too_?many|throttl|resource_?exhausted|^requests$|^tokens$|concurren/
const accountKinds = /api_?key|deactivated|organi[sz]ation|country|access_?terminated/
const rightsKinds = /unauth|authenti|authoriz|permission|credential|forbidden|access_?denied/
/** Of them those that speak of the key itself. */
const keyKinds = /unauth|authenti|credential/
const contentKinds =
  /content_?(?:filter|polic|manage|moderat|violat|block)|moderation|flagged|safety|responsible_?ai|sensitive|data_?inspection|prohibited/
const requestKinds =
  /invalid_?(?:request|argument|value|type|prompt|image)|bad_?request|context_?length|unsupported|string_above|unprocessable|validation/
/** These say what is wrong with the request, and no other words say otherwise. */
const certainKinds =
  /invalid_?(?:value|type|prompt|image)|context_?length|unsupported_?(?:value|param)|string_above/

// Their words, in lower case.
const limitWords =
  /rate.?limit|too many|per (?:min|sec|hour|day)|\b[rt]p[mds]\b|try again in|throttl|slow down|concurren/
const purseWords =
  /quota|billing|\bbalance\b|\bcredits?\b|payment (?:required|method|details)|unpaid|(?:insufficient|enough) funds|top.?up|recharge|prepaid|arrears|spending limit/
const keyWords =
  /\bapi.?keys?\b|unauthori[sz]ed|authenticat|credential|access token|permission|missing scopes|\bsk-|deactivated/
/** What the upstream could not fetch for the client was refused to it, and not to the operator. */
const fetchWords = /download|fetch|\burls?\b|image|\bfile/
const contentWords =
  /content.{0,20}(?:filter|polic|manage|moderat|violat|block|flag)|moderat|flagged|safety|usage polic|harmful|inappropriate|sensitive|prohibited|violat|copyright/
/** Whose words name the operator: the client is told in ours. */
const operatorWords =
  /organi[sz]ation|\borg-|\bproj_|\bacct_|\byour (?:account|plan|project|tier)|subscription/

/** The operator's own names at an upstream, which no client of ours has. */
const operatorNames = /\borg-|\bproj_|\bacct_/

/** What may be of the client's own request begins here, and ends there. */
const quoteBegins = /["`“”‘]|(?<!\w)'/
const quoteEnds = /["`”’]|'(?!\w)/g

/**
 * The upstream's words without what they quote, from the first quote to the last: what is quoted may
 * be of the client's own request, and may close the quotes that it stands in.
 */
function unquoted({ message = '' }: FoundError): string {
  const words = message.toLowerCase()
  const from = words.search(quoteBegins)
  if (from < 0) return words
  let to = from
  for (const { index } of words.matchAll(quoteEnds)) to = Math.max(to, index)
  return to === from ? words.slice(0, from) : `${words.slice(0, from)} ${words.slice(to + 1)}`
}

/** The same, pair by pair: less is taken out, so that nothing of the operator's hides between. */
const withoutPairs = ({ message = '' }: FoundError) =>
  message.toLowerCase().replace(/"[^"]*"|`[^`]*`|(?<!\w)'[^']*'(?!\w)/g, '')

const isKind = ({ kinds }: FoundError, pattern: RegExp) =>
  kinds.some((kind) => pattern.test(kind.toLowerCase().replaceAll(/[\s.-]/g, '_')))

function isOperators(error: FoundError): boolean {
  const words = unquoted(error)
  return keyWords.test(words) && !fetchWords.test(words)
}

/** A limit by its name, else the purse by its name; by their words only where no name tells. */
function isPurseOfLimit(error: FoundError): boolean {
  if (isKind(error, purseKinds)) return true
  if (isKind(error, limitKinds)) return false
  const words = unquoted(error)
  return purseWords.test(words) && !limitWords.test(words)
}

export const isContent = (error: FoundError) =>
  isKind(error, contentKinds) || contentWords.test(unquoted(error))

/** Whether a text has a name by which an upstream knows the operator. */
export const namesOperator = (text: string) => operatorNames.test(text.toLowerCase())

/** Whether the words of an error are for the client's eyes. */
export const isForClient = (error: FoundError) =>
  !namesOperator(error.message ?? '') && !operatorWords.test(withoutPairs(error))

/** Whom an error of this status is about; `error` is what its body says, where it says anything. */
export function blameFor(status: number, error: FoundError | undefined): Blame {
  // An answer that names another status inside is that one's.
  const inner = error?.status
  if (status === 429 || inner === 429) return error && isPurseOfLimit(error) ? 'purse' : 'limit'
  if (!aboutRequest.has(status) && !aboutContent.has(status)) return 'upstream'
  if (!error) return aboutRequest.has(status) || status === 451 ? 'client' : 'operator'
  const saysPurse = purseWords.test(unquoted(error))
  if (inner === 402 || isKind(error, purseKinds)) return 'purse'
  // A request too large for a limit stays too large, however long its client waits.
  if (status !== 413 && isKind(error, /rate_?limit|too_?many/)) return 'limit'
  if (inner === 401 || isKind(error, accountKinds)) return 'operator'
  if (aboutRequest.has(status) && isKind(error, certainKinds)) return 'client'
  if (isOperators(error)) return 'operator'
  if (aboutContent.has(status)) {
    return isContent(error) && isForClient(error) && !saysPurse ? 'client' : 'operator'
  }
  if (saysPurse) return 'purse'
  return isKind(error, rightsKinds) ? 'operator' : 'client'
}

/**
 * Whether it is the operator's key or purse by more than words, which may repeat what a client has
 * sent: whoever sends it could else shut out everybody. A 403 may be of one model.
 */
export function isCredentials(status: number, error: FoundError | undefined): boolean {
  if (status === 401 || status === 402) return true
  if (!error) return false
  if (error.status === 401 || error.status === 402) return true
  if (isKind(error, purseKinds) || isKind(error, accountKinds)) return true
  // Rights may be those to one model, whatever the status is that tells of them.
  return (status === 403 || aboutRequest.has(status)) && isKind(error, keyKinds)
}

const tooLargeWords = /request too large|too large for/
const figuresOfSize = /\blimit:? (\d+)[^\d]+requested:? (\d+)/

/** Whether a limit is one that this request would exceed at any time: others may fit below it. */
export function isOfOneRequest({ message = '' }: FoundError): boolean {
  const words = message.toLowerCase()
  const [, most, asked] = figuresOfSize.exec(words) ?? []
  return tooLargeWords.test(words) || Number(asked) > Number(most)
}

/** The status of an error that came where no status line can say it: within an answer of 200. */
export function statusWithin(error: FoundError): number {
  if (error.status !== undefined) return error.status
  if (isKind(error, purseKinds) || isKind(error, limitKinds)) return 429
  if (isKind(error, accountKinds) || isKind(error, keyKinds)) return 401
  if (isKind(error, rightsKinds)) return 403
  if (isKind(error, /not_?found/)) return 404
  if (isKind(error, /too_?large/)) return 413
  if (isKind(error, contentKinds) || isKind(error, requestKinds)) return 400
  if (isKind(error, /overloaded|unavailable/)) return 503
  return isKind(error, /timeout/) ? 504 : 500
}
