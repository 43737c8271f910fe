import { accountVerbs } from './accounts.ts'
import { aliasVerbs } from './aliases.ts'
import { bookVerbs } from './books.ts'
import { callShowVerb } from './calls/call-show.ts'
import { callVerbs } from './calls/calls.ts'
import { codeVerbs } from './codes/verbs.ts'
import { creditVerbs } from './credit.ts'
import { timeZoneVerb } from './keys/time-zone.ts'
import { accountFactorVerbs } from './factors/account-verbs.ts'
import { groupVerbs } from './factors/group-verbs.ts'
import { historyVerbs } from './history.ts'
import { limitVerbs } from './limits/limit-verbs.ts'
import { memberVerbs } from './members/verbs.ts'
import { keyVerbs } from './keys/key-verbs.ts'
import { keyChangeVerbs } from './keys/key-changes.ts'
import { modelVerbs } from './models.ts'
import { modelImportVerb } from './price-import/model-import.ts'
import { planVerbs } from './plans/verbs.ts'
import { orderLookVerbs } from './orders/look-verbs.ts'
import { orderSettleVerbs } from './orders/settle-verbs.ts'
import { orderRefundVerb } from './orders/refund-verb.ts'
import { priceVerbs } from './prices/price-verbs.ts'
import { priceImportVerb } from './price-import/price-import.ts'
import { signInVerb } from './sign-in.ts'
import { noticeVerbs } from './notices.ts'
import { parseSyntax } from './syntax.ts'
import { upstreamVerbs } from './upstreams/verbs.ts'
import type { Verb } from './verb.ts'

/** All that the command line can do, in the order in which its help shows it. */
export const verbs: Verb[] = [
  ...bookVerbs,
  ...accountVerbs,
  ...accountFactorVerbs,
  ...memberVerbs,
  timeZoneVerb,
  ...groupVerbs,
  ...limitVerbs,
  ...creditVerbs,
  ...planVerbs,
  ...codeVerbs,
  ...orderLookVerbs,
  orderRefundVerb,
  ...orderSettleVerbs,
  ...keyVerbs,
  ...keyChangeVerbs,
  ...modelVerbs,
  ...aliasVerbs,
  ...priceVerbs,
  priceImportVerb,
  modelImportVerb,
  ...upstreamVerbs,
  ...callVerbs,
  callShowVerb,
  ...historyVerbs,
  ...noticeVerbs,
  signInVerb,
]

export const verbNames = verbs.map(({ usage }) => parseSyntax(usage).words)

/** The verb that the first words of a command name, and the arguments after them. */
export function findVerb(args: string[]) {
  for (const verb of verbs) {
    const usage = parseSyntax(verb.usage)
    const words = usage.words.split(' ')
    if (words.every((word, at) => args[at] === word))
      return { verb, usage, rest: args.slice(words.length) }
  }
  return undefined
}

const indented = ({ usage, does }: Verb) => `  ${usage}\n      ${does}.`

/** What `help` says: of the verbs that begin like `args`, or of all where none does. */
export function helpText(calledAs: string, args: string[]): string {
  const found = findVerb(args)?.verb
  const related = found ? [found] : verbs.filter(({ usage }) => usage.split(' ')[0] === args[0])
  return [
    `Usage: ${calledAs} <verb> [--json]`,
    '',
    ...(related.length ? related : verbs).map(indented),
    '',
    'Accounts and keys are named by their ids. USD are dollars with up to nine decimals, exact.',
    '--json answers with one JSON document.',
    'Exit codes: 0 done, 1 books differ or request refused, 2 wrong usage, 3 no database,',
    '4 an import would change something (--apply does it), 5 it holds prices back (--accept).',
  ].join('\n')
}
