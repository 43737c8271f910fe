import { logAdmin } from '../admin/admin.server.ts'
import {
  byNameOf,
  inForce,
  insertModel,
  readModels,
  readTerms,
  sellByFactor,
  type Model,
  type ModelRow,
  type Terms,
} from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import {
  countParts,
  putModel,
  readUpstreams,
  touchUpstream,
  type StoredUpstream,
} from '../upstreams/upstreams.server.ts'
import { scopeOf } from './plan.ts'
import type { TheirModel } from './their-list.ts'

/** A model that an upstream has and that can be sold. */
type Servable = {
  theirName: string
  /** Our name of it. */
  model: string
  /** What is added where there is none of that name. */
  row: ModelRow | null
  /** Whether anything says what it is sold at. */
  isSold: boolean
}

export type ModelPlan = {
  fresh: Servable[]
  /** Served by this upstream already. */
  served: string[]
  left: { theirName: string; why: string }[]
}

export type ModelOrder = {
  upstream: StoredUpstream
  theirs: TheirModel[]
  now: Date
  /** Basis points of the cost at which the new ones are sold; null where that is left open. */
  saleFactor: number | null
  /** Whether the new ones think before they answer, and see pictures. */
  reasoning: boolean
  vision: boolean
}

type Cost = { terms: Terms; contextTokens: number | null; outputTokensMax: number | null }
type Found = {
  order: ModelOrder
  models: ReadonlyMap<string, Model>
  /** Null where the row in force cannot be read: an older one does not hold in its place. */
  costs: ReadonlyMap<string, Cost | null>
}

const ownScope = (upstream: string) => `upstream:${upstream}`

/** As the command line takes the name of a model. */
const nameForm = /^[\p{L}\p{N}@_~][\p{L}\p{M}\p{N}.:/@+~_-]{0,99}$/u

async function find(db: Db, order: ModelOrder): Promise<Found> {
  const { upstream, now } = order
  const { prices } = upstream.definition
  const scopes = [ownScope(upstream.name), ...(prices === null ? [] : [scopeOf(prices)])]
  const rows = await run(db, 'price-import/list-costs', { scopes, at: now })
  // Later rows follow earlier ones: the last is in force.
  const costs = new Map(
    rows.map(({ scope, model, terms: text, ...rest }): [string, Cost | null] => {
      const terms = readTerms(text)
      return [`${scope} ${model}`, terms && { ...rest, terms }]
    }),
  )
  for (const [key, cost] of costs) if (cost?.terms.ended) costs.delete(key)
  return { order, models: byNameOf(await readModels(db)), costs }
}

/** Whether its answers cost anything: what has no price of output is no model to talk with. */
const answersCost = ({ times }: Terms) =>
  times.every(({ tiers }) => tiers.every(({ prices }) => prices.output > 0))

function rowOf(
  theirs: TheirModel,
  cost: Cost | undefined,
  order: ModelOrder,
): ModelRow | undefined {
  const contextTokens = cost?.contextTokens ?? theirs.contextTokens
  if (contextTokens === null) return undefined
  const outputTokensMax = cost?.outputTokensMax ?? theirs.outputTokensMax ?? contextTokens
  return {
    name: theirs.name,
    kind: 'chat',
    contextTokens,
    outputTokensMax: Math.min(outputTokensMax, contextTokens),
    reasoning: Number(order.reasoning),
    vision: Number(order.vision),
    ownedBy: (order.upstream.definition.prices ?? order.upstream.name).slice(0, 50),
    retiresOn: null,
  }
}

/** What becomes of one of their models: it can be served, or why it cannot. */
function look(theirs: TheirModel, { order, models, costs }: Found): Servable | string {
  const { upstream, now, saleFactor } = order
  const { prices } = upstream.definition
  const known = models.get(theirs.name)
  const model = known?.name ?? theirs.name
  if (!nameForm.test(model)) return 'no model can have its name here'
  const listed = prices === null ? undefined : costs.get(`${scopeOf(prices)} ${theirs.name}`)
  const own = costs.get(`${ownScope(upstream.name)} ${model}`)
  const cost = own === undefined ? listed : own
  if (cost === null) return 'its price cannot be read by this version'
  const hasSale = known !== undefined && inForce(known.prices, now) !== undefined
  if (!cost && !hasSale) return 'nobody here knows its price'
  if (known) {
    const isSold = hasSale || known.saleFactor !== null
    return { theirName: theirs.name, model, row: null, isSold }
  }
  if (cost && !answersCost(cost.terms)) return 'its answers cost nothing: it is no model for chat'
  const row = rowOf(theirs, cost, order)
  if (!row) return 'nobody says how long its context is'
  return { theirName: theirs.name, model, row, isSold: saleFactor !== null }
}

/** What of an upstream's own list it can serve, as far as somebody knows what that costs. */
export async function planModels(db: Db, order: ModelOrder): Promise<ModelPlan> {
  const found = await find(db, order)
  const served = new Set(order.upstream.models.map(({ theirName }) => theirName))
  const plan: ModelPlan = { fresh: [], served: [], left: [] }
  const taken = new Set(order.upstream.models.map(({ model }) => model))
  for (const theirs of order.theirs) {
    if (served.has(theirs.name)) {
      plan.served.push(theirs.name)
      continue
    }
    const looked = look(theirs, found)
    if (typeof looked === 'string') plan.left.push({ theirName: theirs.name, why: looked })
    else if (taken.has(looked.model))
      plan.left.push({ theirName: theirs.name, why: `another one is served as ${looked.model}` })
    else {
      taken.add(looked.model)
      plan.fresh.push(looked)
    }
  }
  return plan
}

/**
 * Adds what a plan has found, in one transaction: models that there were not, and that the upstream
 * serves them. What somebody has changed of the upstream since it was read goes before.
 */
export async function importModels(
  pool: Pool,
  order: ModelOrder,
  actor: string,
): Promise<{ plan: ModelPlan; outcome: 'written' | 'nothing' | 'moved' | 'too_many' }> {
  const { name, version } = order.upstream
  const plan = await planModels(pool, order)
  if (plan.fresh.length === 0) return { plan, outcome: 'nothing' }
  const result = await pool.transact(async (db) => {
    // Takes the upstream's lock, and with it whatever else there is of the upstream.
    if (!(await touchUpstream(db, name))) return rollBack('moved')
    const locked = (await readUpstreams(db, () => {})).find((it) => it.name === name)
    if (locked?.version !== version + 1) return rollBack('moved')
    for (const { model, row, theirName } of plan.fresh) {
      if (row && !(await insertModel(db, row))) return rollBack('moved')
      if (row && order.saleFactor !== null) await sellByFactor(db, model, order.saleFactor)
      await putModel(db, { upstream: name, model, theirName })
    }
    if ((await countParts(db, name)).models > limits.upstreams.modelsMax)
      return rollBack('too_many')
    const detail = {
      models: plan.fresh.length,
      added: plan.fresh.filter(({ row }) => row !== null).length,
      sale_factor: order.saleFactor,
    }
    await logAdmin(db, { actor, action: 'model import', subject: `upstream ${name}`, detail })
    return true
  })
  if (!isRolledBack(result)) return { plan, outcome: 'written' }
  return { plan, outcome: result.rolledBack === 'too_many' ? 'too_many' : 'moved' }
}
