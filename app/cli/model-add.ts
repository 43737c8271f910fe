import { addModel } from '../admin/admin.server.ts'
import type { Model, Terms } from '../catalog/catalog.server.ts'
import { modelKinds, type ModelKind } from '../values/model-kinds.ts'
import { done, refused, type VerbResult } from './verb-result.ts'
import type { Arguments } from './arguments.ts'
import { modelNamed, nameOf, noSuchModel, whenCatalogIsKnown } from './catalog.ts'
import { priceAt, priceDocument } from './prices/price-document.ts'
import { optionalPriceUsage, priceOptions, readTerms } from './prices/read-terms.ts'
import type { Verb } from './verb.ts'
import type { Context } from './context.ts'

type Draft = {
  name: string
  like: string | null
  contextTokens: number | null
  outputTokensMax: number | null
  kind: ModelKind | null
  ownedBy: string | null
  vision: boolean
  reasoning: boolean
  now: Date
  /** The price the options name, if they do. */
  termsAfter: ((before: Terms | undefined) => Terms) | undefined
}

function readDraft(args: Arguments, now: Date): Draft {
  const like = args.text('like', null)
  const draft = {
    name: nameOf(args),
    like,
    contextTokens: args.whole('context', null, 1, 100_000_000),
    outputTokensMax: args.whole('max-output', null, 1, 100_000_000),
    kind: args.word('kind', null, modelKinds),
    ownedBy: args.text('owner', null, { charsMax: 50, form: /^[!-~]+$/, wants: 'ASCII' }),
    vision: args.has('vision'),
    reasoning: args.has('reasoning'),
    now,
  }
  for (const name of ['context', 'max-output']) {
    if (like === null && args.all(name).length === 0)
      args.problems.push(`--${name} is missing; --like would take it from another model`)
  }
  const isPriced = priceOptions.some((name) => args.all(name).length > 0)
  for (const name of isPriced ? ['input', 'output'] : []) {
    if (args.all(name).length === 0) args.problems.push(`--${name} is missing from the price`)
  }
  return { ...draft, termsAfter: isPriced ? readTerms(args) : undefined }
}

/**
 * What the options say goes before what the other model has. Without another one, the options have
 * both numbers: `readDraft` refuses them otherwise.
 */
const rowOf = (draft: Draft, like: Model | undefined) => ({
  name: draft.name,
  // See above: one of the two is there.
  contextTokens: draft.contextTokens ?? like!.contextTokens,
  outputTokensMax: draft.outputTokensMax ?? like!.outputTokensMax,
  kind: draft.kind ?? like?.kind ?? 'chat',
  ownedBy: draft.ownedBy ?? like?.ownedBy ?? 'openai',
  vision: draft.vision ? 1 : (like?.vision ?? 0),
  reasoning: draft.reasoning ? 1 : (like?.reasoning ?? 0),
  retiresOn: null,
})

async function add(context: Context, draft: Draft): Promise<VerbResult> {
  const { pool, actor } = context
  const { name, like, now, termsAfter } = draft
  const likeModel = like === null ? undefined : await modelNamed(pool, like)
  if (like !== null && !likeModel) return noSuchModel(like)
  const copied = likeModel && priceAt(likeModel, now)?.terms
  const terms = termsAfter ? termsAfter(copied) : copied
  const model = rowOf(draft, likeModel)
  const price = terms && { model: name, effectiveFrom: now, terms, actor }
  if (!(await addModel(pool, { model, price, actor })))
    return refused('model_exists', `There is already a model ${name}.`)
  const { announced, words } = await whenCatalogIsKnown(context)
  const document = {
    name,
    kind: model.kind,
    context_tokens: model.contextTokens,
    max_output_tokens: model.outputTokensMax,
    owned_by: model.ownedBy,
    vision: model.vision === 1,
    reasoning: model.reasoning === 1,
    price: price ? priceDocument(price) : null,
    announced,
  }
  const sale = price ? 'It is on sale.' : 'It is not on sale before `price add` gives it a price.'
  return done(document, `Added ${name}. ${sale} ${words}`)
}

export const addVerb: Verb = {
  usage:
    'model add <name> [--context N] [--max-output N] [--like MODEL] [--kind KIND] ' +
    `[--owner NAME] [--vision] [--reasoning] ${optionalPriceUsage}`,
  does: 'Add a model; what is left out, its price too, is taken from MODEL',
  prepare(args, now) {
    const draft = readDraft(args, now)
    return (context) => add(context, draft)
  },
}
