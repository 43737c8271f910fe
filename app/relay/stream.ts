import { Answer } from '../http/http.server.ts'
import { limits } from '../config/limits.ts'
import { noUsage, type Bill, type Usage } from '../ledger/ledger.server.ts'
import { answerHeaders } from './answer-headers.ts'
import { countInput } from './chat/estimate.ts'
import { forward, refusalOf } from './forward.ts'
import { Meter } from './meter.ts'
import { pump, type StreamEnd } from './pump.ts'
import { PassedOn, Refused, type CallFailure } from '../errors/refusal.ts'
import type { Run } from './run.ts'
import { SseOut } from './client-stream.ts'

/** How a stream ended, for the books and for whoever still listens. */
type Ending = {
  end: Pick<Bill, 'outcome' | 'statusCode' | 'errorCode'>
  usage: Usage
  /** The last bytes of a good stream. */
  done?: Buffer
  /** What the client is told of a bad one. */
  error?: Refused | PassedOn
}

/** The upstream's figures, or what was delivered; nothing delivered is nothing charged. */
async function usageOf(run: Run, meter: Meter): Promise<Usage> {
  if (meter.serviceTier) run.serviceTier = meter.serviceTier
  const { reported } = meter
  if (reported && 'usage' in reported) return reported.usage
  const outputTokens = await meter.uncounted.tokens()
  const flag = reported ? 'absurd' : null
  if (outputTokens === 0) return { ...noUsage, flag }
  const inputTokens = await countInput(run.call)
  return { ...noUsage, inputTokens, outputTokens, source: 'counted', flag }
}

/** Why a stream that did not complete has ended: whoever cut it, else the upstream. */
function failureOf(run: Run, how: Exclude<StreamEnd, { kind: 'complete' }>): CallFailure {
  switch (run.cutBy) {
    case 'client':
    case 'stalled':
      return new Refused('client_closed_request')
    case 'revoked':
      return new Refused('invalid_api_key')
    case 'timeout':
      return new Refused('upstream_timeout')
    case 'shutdown':
      return new Refused('overloaded')
    case undefined:
      return how.kind === 'broken' ? refusalOf(how.error) : new Refused('upstream_error')
  }
}

async function endingOf(
  run: Run,
  meter: Meter,
  how: StreamEnd,
  committed: boolean,
): Promise<Ending> {
  if (how.kind === 'complete') {
    const end = { outcome: 'completed', statusCode: 200, errorCode: null } as const
    return { end, usage: await usageOf(run, meter), done: how.done }
  }
  const error = failureOf(run, how)
  const left = run.cutBy === 'client' || run.cutBy === 'stalled'
  const outcome = left ? 'disconnected' : run.cutBy === 'revoked' ? 'revoked' : 'failed'
  // After the first byte the status has gone out; before it, the answer is an error and costs nothing.
  const statusCode = left ? 499 : committed ? 200 : error.wire.status
  const end = { outcome, statusCode, errorCode: error.code } as const
  return { end, usage: committed ? await usageOf(run, meter) : noUsage, error }
}

/** Forwards and pumps to the end of the upstream, and settles. */
async function carry(
  run: Run,
  out: SseOut,
  commit: () => void,
  committed: () => boolean,
): Promise<Ending> {
  const meter = new Meter(run.call.usageWanted)
  let how: StreamEnd
  try {
    const answer = await forward(run)
    how = await pump(answer.body, meter, out, commit)
  } catch (error) {
    if (error instanceof PassedOn) {
      const end = {
        outcome: 'failed',
        statusCode: committed() ? 200 : error.status,
        errorCode: 'upstream_refused',
      } as const
      await run.release(end)
      return { end, usage: noUsage, error }
    }
    how = { kind: 'broken', error }
  }
  const ending = await endingOf(run, meter, how, committed())
  await run.settle(ending.end, ending.usage)
  return ending
}

const errorEvent = (error: Refused | PassedOn) => {
  const body = error instanceof PassedOn ? error.body : inStream(error)
  return Buffer.from(`data: ${JSON.stringify(body)}\n\n`)
}

/** Within a stream something was delivered and charged, so the words may not promise otherwise. */
function inStream({ wire }: Refused) {
  const { error } = wire.body
  return { error: { ...error, message: error.message.replace(' Nothing was charged.', '') } }
}

/**
 * Steps 5 to 8 for a stream. The status line waits for the first event, so that an upstream that
 * fails before it is answered with a true error status; or for the first ping, because proxies cut
 * silent connections. [DONE] waits for the settlement.
 */
export function relayStream(run: Run): Promise<Answer> {
  const out = new SseOut()
  const { gone } = run.exchange
  out.onStalled = () => run.cut('stalled')
  if (gone.aborted) run.cut('client')
  else gone.once('abort', () => run.cut('client'))
  return new Promise((resolve, reject) => {
    let isCommitted = false
    const commit = () => {
      clearTimeout(silence)
      if (isCommitted) return
      isCommitted = true
      const headers = {
        ...answerHeaders(run, 'text/event-stream; charset=utf-8'),
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
      }
      resolve(new Answer(out, { status: 200, headers }))
    }
    const first = () => {
      run.noteFirstByte()
      commit()
    }
    const silence = setTimeout(commit, limits.stream.pingEveryMs)
    carry(run, out, first, () => isCommitted).then(
      ({ done, error }) => {
        if (done) commit()
        clearTimeout(silence)
        if (isCommitted) out.finish(done ?? (error && errorEvent(error)))
        else reject(error!)
      },
      async (error: Error) => {
        clearTimeout(silence)
        const statusCode = isCommitted ? 200 : 500
        await run
          .release({ outcome: 'failed', statusCode, errorCode: 'internal_error' })
          .catch(() => undefined)
        if (isCommitted) out.finish(errorEvent(new Refused('internal_error')))
        else reject(error)
      },
    )
  })
}
