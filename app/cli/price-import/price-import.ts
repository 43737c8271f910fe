import {
  applyImport,
  fromFile,
  fromPackage,
  fromUrl,
  listForms,
  NoList,
  planImport,
  readList,
  type List,
  type ListForm,
  type Plan,
  type Wanted,
} from '../../price-import/price-import.server.ts'
import { limits } from '../../config/limits.ts'
import { nearest } from '../../values/nearest.ts'
import type { Arguments } from '../arguments.ts'
import { whenCatalogIsKnown } from '../catalog.ts'
import type { Context } from '../context.ts'
import { planDocument } from './plan-document.ts'
import { planText } from './plan-text.ts'
import { unlisted } from './unlisted.ts'
import type { Verb } from '../verb.ts'
import { refused, type VerbResult } from '../verb-result.ts'

/** What a timer may do after a plan, besides what every verb's codes say. */
const exitCodes = { nothingToDo: 0, somethingToApply: 4, somethingHeldBack: 5 } as const

type Asked = {
  from: string
  form: ListForm | null
  wanted: Wanted
  reason: string | null
  applies: boolean
}

const package_ = 'package'

function readAsked(args: Arguments): Asked {
  const from = args.text('from', package_, { charsMax: 2_000 })
  if (/^[a-z]+:\/\//i.test(from) && !/^https:\/\//i.test(from))
    args.problems.push('from must be a file, an https:// address or the word package')
  for (const name of ['provider', 'model', 'accept'])
    if (args.all(name).length > limits.priceLists.namedMax)
      args.problems.push(`${name} is given more than ${limits.priceLists.namedMax} times`)
  for (const name of args.all('accept'))
    if (!/^[^/]+\/./.test(name)) args.problems.push('accept must be PROVIDER/MODEL')
  const reason = args.text('accept-all', null)
  return {
    from,
    form: args.word('form', null, listForms),
    wanted: {
      providers: args.all('provider'),
      models: args.all('model'),
      accepted: reason === null ? args.all('accept') : 'all',
    },
    reason,
    applies: args.has('apply'),
  }
}

/** A list, the providers in it, and what is to be said of those that it lacks. */
type Found = List & { form: ListForm; providers: string[]; missing: string[] }

/** Which of the names that were asked for a list does not have, and what may have been meant. */
function missingOf(what: string, wanted: readonly string[], known: readonly string[]) {
  const missing = wanted
    .filter((name) => !known.includes(name))
    .map((name) => {
      const likely = nearest(known, name)
      return `it has no ${what} ${name}${likely ? `, but ${likely}` : ''}`
    })
  return { missing, isAll: missing.length === wanted.length }
}

async function listFrom({ from, form, wanted }: Asked): Promise<Found> {
  const isUrl = /^https:\/\//i.test(from)
  const document = await (from === package_
    ? fromPackage()
    : isUrl
      ? fromUrl(from)
      : fromFile(from))
  const read = readList(document.json, form)
  const known = [...new Set([...read.listed, ...read.unread].map(({ provider }) => provider))]
  const isOf = ({ provider }: { provider: string }) =>
    wanted.providers.length === 0 || wanted.providers.includes(provider)
  const listed = read.listed.filter(isOf).flatMap(({ model, aliases }) => [model, ...aliases])
  const unread = read.unread.filter(isOf).map(({ model }) => model)
  const lacks = [
    missingOf('provider', wanted.providers, known),
    missingOf('model', wanted.models, [...new Set([...listed, ...unread])]),
  ]
  // Of several names one that is wrong keeps nobody from the others; with none left a timer would
  // be told every day that there is nothing to do.
  const [none] = lacks.filter(({ missing, isAll }) => isAll && missing.length > 0)
  if (none) throw new NoList(none.missing.join('; '))
  const missing = lacks.flatMap((each) => each.missing)
  return { ...read, providers: known, missing, source: document.source, digest: document.digest }
}

/** Names that were let through where nothing was held back are most likely misspelt. */
function idle({ wanted }: Asked, plan: Plan): string[] {
  if (wanted.accepted === 'all') return []
  const written = [...plan.fresh, ...plan.changed].filter(({ held }) => held.length > 0)
  const names = new Set(written.map(({ provider, model }) => `${provider}/${model}`))
  return wanted.accepted.filter((name) => !names.has(name))
}

type Outcome = 'planned' | 'written' | 'nothing'

const words: Record<Outcome, string> = {
  planned: 'Nothing was written; --apply writes what is new and changed.',
  written: 'Written.',
  nothing: 'There is nothing to write.',
}

function exitCodeOf(outcome: Outcome, { held }: Plan) {
  if (outcome === 'planned') return exitCodes.somethingToApply
  // What is new and held back stays so until somebody names it: no news for a timer.
  const isNews = held.some(({ since }) => since !== null)
  return isNews ? exitCodes.somethingHeldBack : exitCodes.nothingToDo
}

type Made = { list: Found; plan: Plan; outcome: Outcome }

function resultOf(asked: Asked, { list, plan, outcome }: Made, announced: string): VerbResult {
  const { source, form, digest } = list
  const unused = idle(asked, plan)
  const head = `${source}, read as ${form}\nsha256:${digest}`
  const notHeld = unused.map((name) => `${name} was not held back.`)
  const doubts = [...list.missing.map((it) => `${it}.`), ...notHeld]
  const text = [head, planText(plan), ...doubts, `${words[outcome]}${announced}`].join('\n')
  const document = {
    source,
    form,
    digest,
    outcome,
    not_held_back: unused,
    missing: list.missing,
    ...planDocument(plan),
  }
  return { exitCode: exitCodeOf(outcome, plan), document, text }
}

async function importPrices(context: Context, asked: Asked, now: Date): Promise<VerbResult> {
  const { pool, actor } = context
  let list
  try {
    list = await listFrom(asked)
  } catch (error) {
    if (!(error instanceof NoList)) throw error
    return refused('no_price_list', `${asked.from}: ${error.message}. Nothing was written.`)
  }
  list.missing.push(...(await unlisted(pool, list.providers)))
  const { wanted, reason } = asked
  if (!asked.applies) {
    const plan = await planImport(pool, list, now, wanted)
    const isEmpty = plan.fresh.length + plan.changed.length === 0
    return resultOf(asked, { list, plan, outcome: isEmpty ? 'nothing' : 'planned' }, '')
  }
  const { plan, outcome } = await applyImport(pool, list, { now, wanted, actor, reason })
  if (outcome === 'moved') {
    const why =
      'Somebody else has added prices meanwhile. Nothing was written; look at the plan again.'
    return refused('prices_moved', why)
  }
  const known = outcome === 'written' ? ` ${(await whenCatalogIsKnown(context)).words}` : ''
  return resultOf(asked, { list, plan, outcome }, known)
}

export const priceImportVerb: Verb = {
  usage:
    'price import [--from SOURCE] [--form FORM] [--provider PROVIDER]... [--model MODEL]... ' +
    '[--accept NAME]... [--accept-all REASON] [--apply]',
  does:
    'Compare a published list with what upstreams are known to charge, and with --apply write what ' +
    'is new; SOURCE is a file, an https:// address or, by default, the package that comes with the ' +
    'relay; NAME is PROVIDER/MODEL, of what is held back',
  prepare(args, now) {
    const asked = readAsked(args)
    return (context) => importPrices(context, asked, now)
  },
}
