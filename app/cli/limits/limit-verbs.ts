import { limits } from '../../config/limits.ts'
import {
  listLimits,
  removeLimit,
  setLimit,
  type Figures,
  type Subject,
} from '../../rates/rates.server.ts'
import { limitScopes } from '../../values/rates/limit-scopes.ts'
import type { Arguments } from '../arguments.ts'
import { done, refused, table, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

const { requestsMax, tokensMax, callsMax, burstSecondsMax, rowsMax } = limits.rates
const written = 'everyone, group:NAME, account:ID, key:ID, model:NAME or model-total:NAME'

const form = /^(?:everyone|(?:account|key):[1-9]\d{0,14}|(?:group|model|model-total):\S.{0,99})$/

const textOf = ({ scope, subject }: Subject) => (subject === '' ? scope : `${scope}:${subject}`)

function subjectOf(args: Arguments): Subject {
  const text = args.text('whom', '', { charsMax: 120, form, wants: written })
  const at = text.indexOf(':')
  const name = at < 0 ? text : text.slice(0, at)
  // What is of no form has its complaint, and goes no further.
  const scope = limitScopes.find((it) => it === name) ?? 'everyone'
  return { scope, subject: at < 0 ? '' : text.slice(at + 1) }
}

const numbers = ({ requests, tokens, calls, burstSeconds }: Figures) => ({
  requests_per_minute: requests,
  tokens_per_minute: tokens,
  calls_at_once: calls,
  burst_seconds: burstSeconds,
})

/** Relays that do not hear of it look every few seconds. */
const whenKnown = (isHeard: boolean) =>
  isHeard ? 'It holds at once.' : 'It holds within seconds: Redis was not reached.'

const noSubject = (of: Subject): VerbResult => {
  const message = `There is no ${of.scope.replace('-total', '')} ${of.subject}.`
  if (of.scope === 'account') return refused('no_such_account', message)
  if (of.scope === 'key') return refused('no_such_key', message)
  return refused(of.scope === 'group' ? 'no_such_group' : 'no_such_model', message)
}

const said = (figures: Figures): string => {
  const of = (value: number | null, what: string) =>
    value === null ? [] : [`${value === 0 ? 'any number of' : value} ${what}`]
  return [
    ...of(figures.requests, 'requests a minute'),
    ...of(figures.tokens, 'tokens a minute'),
    ...of(figures.calls, 'calls at once'),
  ].join(', ')
}

const set: Verb = {
  usage: 'limit set <whom> [--requests N] [--tokens N] [--calls N] [--burst SECONDS]',
  does:
    `Limit requests and tokens a minute, and calls at once, of ${written}: what is not said is ` +
    'what a group, and then everyone, has; 0 is no limit. At once comes what comes due in a minute, or in SECONDS',
  prepare(args) {
    const of = subjectOf(args)
    const figures = {
      requests: args.whole('requests', null, 0, requestsMax),
      tokens: args.whole('tokens', null, 0, tokensMax),
      calls: args.whole('calls', null, 0, callsMax),
      burstSeconds: args.whole('burst', null, 1, burstSecondsMax),
    }
    const { requests, tokens, calls } = figures
    if (requests === null && tokens === null && calls === null && args.problems.length === 0)
      args.problems.push('one of --requests, --tokens and --calls must be there')
    return async ({ pool, actor, announceLimits }) => {
      const result = await setLimit(pool, { of, figures, actor })
      if (result === 'no such subject') return noSubject(of)
      if (result === 'too many')
        return refused('over_the_limit', `There are no more than ${rowsMax} limits.`)
      const isHeard = await announceLimits()
      const document = { limit: textOf(of), ...numbers(figures), heard: isHeard }
      return done(document, `${textOf(of)}: ${said(figures)}. ${whenKnown(isHeard)}`)
    }
  },
}

const list: Verb = {
  usage: 'limit list',
  does: 'All limits on calls',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const all = await listLimits(pool)
      const cell = (value: number | null) => (value === 0 ? 'none' : value)
      const cells = all.map((it) => [
        textOf(it),
        cell(it.requests),
        cell(it.tokens),
        cell(it.calls),
        it.burstSeconds,
      ])
      const heads = ['limit', 'requests/min', 'tokens/min', 'calls at once', 'burst, s']
      const document = { limits: all.map((it) => ({ limit: textOf(it), ...numbers(it) })) }
      return done(document, table(heads, cells))
    },
}

const remove: Verb = {
  usage: 'limit remove <whom>',
  does: 'Take a limit away',
  prepare(args) {
    const of = subjectOf(args)
    return async ({ pool, actor, announceLimits }) => {
      if ((await removeLimit(pool, { of, actor })) === 'no such limit')
        return refused('no_such_limit', `There is no limit on ${textOf(of)}.`)
      const isHeard = await announceLimits()
      const document = { limit: textOf(of), removed: true, heard: isHeard }
      return done(document, `There is no limit on ${textOf(of)} any more. ${whenKnown(isHeard)}`)
    }
  },
}

export const limitVerbs = [set, list, remove]
