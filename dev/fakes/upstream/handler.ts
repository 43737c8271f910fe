import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { ClientConnection } from './client.ts'
import type { Endpoint } from './endpoint.ts'
import { ErrorAnswer } from './errors.ts'
import { refusalScene, sceneOf, type Pace, type Plan } from './plan.ts'
import { play } from './player.ts'
import { readBody } from './read-body.ts'
import type { ServedLog, Served } from './served.ts'

/** Answers one POST to an endpoint, whatever is in it. */
type Handler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

type Surroundings = {
  servedLog: ServedLog
  apiKey: string
  pace: Pace
  moods: readonly string[]
}

// Benchmarks send one body many thousand times; working out its answer once is enough.
const plansMax = 256
const sceneBodyMax = 16 * 1024
const sceneStepsMax = 512
const sceneTextMax = 64 * 1024

/** Makes the handler of an endpoint, with its own memory of plans. */
export function handlerOf(endpoint: Endpoint, surroundings: Surroundings): Handler {
  const { servedLog, apiKey, pace, moods } = surroundings
  const { dialect } = endpoint
  const plans = new Map<string, Plan>()
  const series = Math.random().toString(36).slice(2, 10)
  let requests = 0
  let asked = 0

  async function findScene(req: IncomingMessage, served: Served): Promise<Plan | 'aborted'> {
    const body = await readBody(req)
    if (body === 'aborted') return body
    if (!dialect.isAllowed(req.headers, apiKey)) return refusalScene(dialect.badKey, endpoint)
    if (body === 'too large') return refusalScene(dialect.tooLarge, endpoint)
    served.bodySha256 = createHash('sha256').update(body).digest('hex')
    const text = String(body)
    const mood = moods[asked++ % moods.length] ?? ''
    const name = mood + text
    const known = plans.get(name)
    if (known) return known
    const plan = sceneFor(endpoint, { text, headers: req.headers }, { pace, mood })
    if (plans.size >= plansMax) plans.clear()
    if (!plan.isOfState && isSmall(text, plan)) plans.set(name, plan)
    return plan
  }

  return async (req, res) => {
    requests += 1
    const tag = series + requests.toString(36).padStart(8, '0')
    const served = servedLog.open({ id: `req_demo_${tag}`, endpoint: endpoint.name, req })
    res.on('close', () => noteEnd(served, res))
    const plan = await findScene(req, served)
    if (plan === 'aborted' || res.destroyed) return
    describe(served, plan)
    plan.keep?.(tag)
    const created = Math.floor(served.at / 1000)
    await play(plan, {
      connection: new ClientConnection(res, plan.script),
      served,
      headers: dialect.headersOf(served),
      fresh: { tag, head: endpoint.head?.(tag, created, plan.stream) ?? '' },
      eventMs: pace.eventMs,
    })
  }
}

function isSmall(body: string, { steps }: Plan): boolean {
  if (body.length > sceneBodyMax || steps.length > sceneStepsMax) return false
  return steps.every((step) => step.do !== 'send' || step.text.length <= sceneTextMax)
}

// A body nested too deeply for JSON.stringify must not take the server down with it.
function sceneFor(...[endpoint, request, manner]: Parameters<typeof sceneOf>): Plan {
  try {
    return sceneOf(endpoint, request, manner)
  } catch (error) {
    const failed = new ErrorAnswer(500, `The demo upstream failed: ${String(error)}`)
    return refusalScene(failed, endpoint)
  }
}

function describe(served: Served, { model, stream, counts, unseen }: Plan) {
  served.model = model
  served.stream = stream
  served.promptTokens = counts.prompt
  served.completionTokens = unseen
  served.cachedTokens = counts.cached
  served.cacheWriteTokens = counts.cacheWrite
  served.cacheWrite1hTokens = counts.cacheWrite1h
  served.reasoningTokens = counts.reasoning
  served.searches = counts.searches
}

// The outcome is noted when the last bytes are handed over; a client that left before they
// were through takes that back.
function noteEnd(served: Served, res: ServerResponse) {
  if (res.writableFinished || (served.outcome !== 'open' && served.outcome !== 'completed')) return
  served.outcome = 'aborted-by-client'
  served.clientGoneAfterMs = Date.now() - served.at
}
