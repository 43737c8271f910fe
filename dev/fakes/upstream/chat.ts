import type { IncomingMessage, ServerResponse } from 'node:http'
import { operatorSecret, ErrorAnswer } from './errors.ts'
import type { ServedLog, Served } from './served.ts'
import { ClientConnection } from './client.ts'
import { play } from './player.ts'
import { readBody } from './read-body.ts'
import { refusalScene, sceneOf, type Manner, type Pace, type Plan } from './plan.ts'

/** Answers one POST /v1/chat/completions, whatever is in it. */
type ChatHandler = (req: IncomingMessage, res: ServerResponse) => Promise<void>

// Benchmarks send one body many thousand times; working out its answer once is enough.
const plansMax = 256
const sceneBodyMax = 16 * 1024
const sceneStepsMax = 512

const badKey = new ErrorAnswer(401, 'Incorrect API key provided.', 'invalid_api_key')
const tooLarge = new ErrorAnswer(413, 'The request is larger than 32 MiB.', 'request_too_large')

/** Makes the handler of chat completions, with its own memory of plans. */
export function chatHandler(
  servedLog: ServedLog,
  apiKey: string,
  { pace, moods }: { pace: Pace; moods: readonly string[] },
): ChatHandler {
  const plans = new Map<string, Plan>()
  const series = Math.random().toString(36).slice(2, 10)
  let requests = 0
  let asked = 0

  async function findScene(req: IncomingMessage): Promise<Plan | 'aborted'> {
    const text = await readBody(req)
    if (text === 'aborted') return text
    if (req.headers.authorization !== `Bearer ${apiKey}`) return refusalScene(badKey)
    if (text === 'too large') return refusalScene(tooLarge)
    const mood = moods[asked++ % moods.length] ?? ''
    const name = mood + text
    const known = plans.get(name)
    if (known) return known
    const plan = sceneFor(text, req, { pace, mood })
    const small = text.length <= sceneBodyMax && plan.steps.length <= sceneStepsMax
    if (plans.size >= plansMax) plans.clear()
    if (small && !plan.script.has('echo-headers')) plans.set(name, plan)
    return plan
  }

  return async (req, res) => {
    requests += 1
    const tag = series + requests.toString(36).padStart(8, '0')
    const served = servedLog.open(`req_demo_${tag}`, Object.keys(req.headers))
    res.on('close', () => noteEnd(served, res))
    const plan = await findScene(req)
    if (plan === 'aborted' || res.destroyed) return
    describe(served, plan)
    const object = plan.stream ? 'chat.completion.chunk' : 'chat.completion'
    const created = Math.floor(served.at / 1000)
    await play(plan, {
      connection: new ClientConnection(res, plan.script),
      served,
      headers: headersOf(served),
      head: `{"id":"chatcmpl-demo${tag}","object":"${object}","created":${created}`,
      eventMs: pace.eventMs,
    })
  }
}

// A body nested too deeply for JSON.stringify must not take the server down with it.
function sceneFor(text: string, req: IncomingMessage, manner: Manner): Plan {
  try {
    return sceneOf(text, req.headers, manner)
  } catch (error) {
    return refusalScene(new ErrorAnswer(500, `The demo upstream failed: ${String(error)}`))
  }
}

function describe(served: Served, { model, stream, counts }: Plan) {
  served.model = model
  served.stream = stream
  served.promptTokens = counts.prompt
  served.completionTokens = counts.reasoning
  served.cachedTokens = counts.cached
  served.cacheWriteTokens = counts.cacheWrite
  served.reasoningTokens = counts.reasoning
}

// The outcome is noted when the last bytes are handed over; a client that left before they
// were through takes that back.
function noteEnd(served: Served, res: ServerResponse) {
  if (res.writableFinished || (served.outcome !== 'open' && served.outcome !== 'completed')) return
  served.outcome = 'aborted-by-client'
  served.clientGoneAfterMs = Date.now() - served.at
}

// The account's name, the cookie and the limits are the operator's: no relay may pass them on.
function headersOf({ id, at }: Served): Record<string, string> {
  return {
    'x-request-id': id,
    'openai-processing-ms': String(Date.now() - at),
    'openai-version': '2020-10-01',
    'openai-organization': operatorSecret,
    'set-cookie': '__cf_bm=demo; path=/; HttpOnly',
    'x-ratelimit-limit-requests': '10000',
  }
}
