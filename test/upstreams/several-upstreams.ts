import { randomBytes } from 'node:crypto'
import { createSealer } from '../../app/upstreams/seal.ts'
import { Definition } from '../../app/upstreams/definition.ts'
import { deltaOf, speak, startHandFedUpstream, type Play } from './hand-fed-upstream.ts'
import { startStage, type Stage } from '../stage.ts'

/** What each upstream charges for a token of input and of output, in nano-dollars. */
type TokenPrice = { input: number; output: number }

type UpstreamRow = {
  /** Where it is; a scripted one is started where this is not said. */
  url?: string
  play?: Play
  price?: TokenPrice
  definition?: Partial<Definition>
  keys?: readonly string[]
  priority?: number
}

/** Sold by nobody but the upstreams of the stage, at what they cost and a fifth more. */
export const model = 'sold-by-several'
const saleFactor = 12_000
export const usage = { prompt_tokens: 10, completion_tokens: 2, total_tokens: 12 }

/** What a call of `usage` costs its customer at this price. */
export const costAt = ({ input, output }: TokenPrice) =>
  Math.ceil(((10 * input + 2 * output) * saleFactor) / 10_000)

/** Says two words, plain or as a stream, as it is asked. */
export const saysWell: Play = (res, { body }) => {
  const headers = { 'x-request-id': 'req_good', 'content-type': 'application/json' }
  if (body.stream !== true) {
    const choice = { index: 0, finish_reason: 'stop', message: { content: 'two words' } }
    res.writeHead(200, headers)
    return res.end(JSON.stringify({ model: body.model, choices: [choice], usage }))
  }
  if (!res.headersSent) res.writeHead(200, { ...headers, 'content-type': 'text/event-stream' })
  const { model } = body
  const last = {
    model,
    choices: [{ index: 0, delta: { content: 'words' }, finish_reason: 'stop' }],
  }
  speak(res, { ...deltaOf({ content: 'two ' }), model }, last)
  speak(res, { choices: [], usage })
  res.end('data: [DONE]\n\n')
}

/** Answers every call with this status and error. */
export const saysStatus =
  (status: number, error: object = { message: 'no' }, headers: Record<string, string> = {}): Play =>
  (res) => {
    res.writeHead(status, { 'content-type': 'application/json', ...headers })
    res.end(JSON.stringify({ error }))
  }

/** Takes every call and says nothing, ever. */
export const saysNothing: Play = () => undefined

const second = 1_000
const patient = { connectMs: second, firstEventMs: 60 * second, idleMs: 60 * second }

const definitionOf = (url: string, more: Partial<Definition> = {}): Definition =>
  Definition.parse({
    kind: 'openai',
    baseUrl: url,
    private: true,
    paths: { 'chat/completions': '/chat/completions', moderations: '/moderations' },
    credential: { header: 'authorization', prefix: 'Bearer ' },
    timeouts: { ...patient, totalMs: 120 * second },
    reasoning: 'sum',
    ...more,
  })

async function addUpstream(
  { sql, relay }: Stage,
  name: string,
  row: UpstreamRow & { url: string },
) {
  const { price = { input: 1, output: 1 }, keys = ['main'], priority = 0 } = row
  await sql('insert into upstreams (name, definition, priority) values (?)', [
    [name, JSON.stringify(definitionOf(row.url, row.definition)), priority],
  ])
  const sealer = createSealer(relay.env.upstreamSecrets)
  for (const key of keys) {
    const place = { upstream: name, name: key }
    const { sealed, sealedBy } = sealer.seal(place, `sk-${name}-${key}`)
    await sql(
      'insert into upstream_keys (upstream, name, last_four, sealed, sealed_by) values (?)',
      [[name, key, 'last', sealed, sealedBy]],
    )
  }
  await sql('insert into upstream_models (upstream, model, their_name) values (?)', [
    [name, model, `${model}-at-${name}`],
  ])
  const prices = { input: price.input * 1e6, output: price.output * 1e6 }
  const tiers = [{ upToInputTokens: null, cachedInput: null, cacheWrite: null, ...prices }]
  const terms = JSON.stringify({ tiers, basisPoints: {}, serviceTiers: [] })
  await sql(
    'insert into cost_prices (scope, model, effective_from, terms, source, actor) values (?)',
    [[`upstream:${name}`, model, '2020-01-01', terms, 'test', 'test']],
  )
}

/**
 * A relay in front of several upstreams, each of which does what its test says; a call of `model` goes
 * to them in the order in which they are named, unless they have priorities.
 */
export async function startSeveral<Names extends string>(
  rows: Record<Names, UpstreamRow>,
  options: Parameters<typeof startStage>[0] = {},
) {
  const secret = { UPSTREAM_KEYS_SECRET: randomBytes(32).toString('base64') }
  const stage = await startStage({ ...options, env: { ...secret, ...options.env } })
  const { sql, relay } = stage
  await sql(
    `insert into models (name, kind, context_tokens, output_tokens_max, reasoning, vision, sale_factor)
     values (?)`,
    [[model, 'chat', 100_000, 1_000, 0, 0, saleFactor]],
  )
  const fed = {} as Record<Names, Awaited<ReturnType<typeof startHandFedUpstream>>>
  const names = Object.keys(rows) as Names[]
  for (const [i, name] of names.entries()) {
    fed[name] = await startHandFedUpstream()
    fed[name].play(rows[name].play ?? saysWell)
    const row = { url: fed[name].url, priority: names.length - i, ...rows[name] }
    await addUpstream(stage, name, row)
  }
  const refresh = async () => {
    await relay.services.catalog.refresh()
    await relay.services.upstreams.refresh()
  }
  await refresh()
  return {
    ...stage,
    fed,
    /** Takes in what a test has changed in the database. */
    refresh,
    /** Has all upstreams taken for well, whatever has come of the last calls. */
    takeForWell() {
      for (const upstream of names)
        relay.services.upstreams.close({ upstream, key: null, model: null })
    },
    /** Has every upstream as it was at the start. */
    forget() {
      for (const name of names) {
        fed[name].play(rows[name].play ?? saysWell)
        fed[name].heard.length = 0
      }
      this.takeForWell()
    },
    call: (body: Record<string, unknown> = {}, more: Parameters<Stage['ask']>[0] = {}) =>
      stage.ask({ body: { model, ...body }, ...more }),
    async stop() {
      for (const name of names) fed[name].close()
      await stage.stop()
    },
  }
}

export type Several<Names extends string> = Awaited<ReturnType<typeof startSeveral<Names>>>
