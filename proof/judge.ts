import { readCalls, type CallRow } from '../test/calls.ts'
import { eventually } from '../dev/command/eventually.ts'
import type { Ground } from './ground.ts'
import type { Heard } from './load.ts'
import type { Episode } from './timeline.ts'

export type Judgement = {
  calls: number
  complete: number
  /** Refused with 503 where it is said that calls may be. */
  refused: number
  /** Every other call that did not come whole: what it was, and how many. */
  lost: Map<string, number>
  /** A word for each call whose charge is not what the upstream's own count comes to. */
  wrong: string[]
  holdsLeft: number
  holdsGoneAfterMs: number
  chargedNanos: bigint
  reportedNanos: bigint
}

/** gpt-4o-mini's, in nano-dollars a token: of the list, and not of the program. */
const prices = { input: 150, output: 600 }
/** A relay answers again at the latest so long after the database does: it waits that long for it. */
const afterMs = 6_000
/** Beats, sweeps and what could not be booked come round within this. */
const holdsMsMax = 120_000

const isExcused = (call: Heard, episodes: Episode[]) =>
  call.status === 503 &&
  episodes.some(
    ({ mayRefuse, from, to }) =>
      mayRefuse && call.endedAt >= from && call.startedAt <= to + afterMs,
  )

const wordsFor = (call: Heard, episodes: Episode[]) => {
  const during = episodes.find(({ from, to }) => call.endedAt >= from && call.startedAt <= to)
  const kind = call.isStreamed ? 'streamed' : 'plain'
  const came = call.text === '' ? 'nothing' : call.text.includes('[DONE]') ? 'all' : 'a part'
  const how = `status ${call.status}, ${came} of the body, ${call.broken ?? 'no error'}`
  return `${call.way}, ${kind}: ${how}; ${during?.what ?? 'at rest'}`
}

type Upstream = Ground['upstream']

function costOf({ upstreamId }: CallRow, upstream: Upstream): number | undefined {
  const served = upstream.servedBy(upstreamId ?? '')
  if (!served) return undefined
  return served.promptTokens * prices.input + served.completionTokens * prices.output
}

/** What is wrong with a row of the books; undefined where nothing is. */
function faultOf(row: CallRow, heard: Heard | undefined, upstream: Upstream): string | undefined {
  const { requestId, cost, charged, charges, outcome } = row
  const say = (why: string) => `${requestId} (${outcome}): ${why}`
  if (charges > 1) return say(`charged ${charges} times`)
  if (charged !== cost) return say(`costs ${cost}, charged ${charged}`)
  if (heard?.isComplete !== true) {
    return cost === 0 ? undefined : say(`charged ${cost}, and its client had no whole answer`)
  }
  const right = costOf(row, upstream)
  return cost === right ? undefined : say(`charged ${cost}, and the upstream counted ${right}`)
}

/** Compares what clients heard, what the upstream served and what the books say of `which` calls. */
export async function judge(
  { books, upstream }: Pick<Ground, 'upstream'> & { books: Pick<Ground['books'], 'sql'> },
  heard: Heard[],
  episodes: Episode[],
  which?: string,
): Promise<Judgement> {
  const startedAt = performance.now()
  const holds = async () => (await books.sql('select 1 from holds')).length
  await eventually('no hold is open', async () => (await holds()) === 0, {
    msMax: holdsMsMax,
    everyMs: 250,
  }).catch(() => undefined)
  const holdsGoneAfterMs = performance.now() - startedAt
  const rows = await readCalls(books.sql, which)
  const byId = new Map(heard.flatMap((call) => (call.id ? [[call.id, call] as const] : [])))
  const booked = new Set(rows.map(({ requestId }) => requestId))
  const wrong = rows.flatMap((row) => faultOf(row, byId.get(row.requestId), upstream) ?? [])
  const lost = new Map<string, number>()
  for (const call of heard) {
    if (call.isComplete) {
      if (!booked.has(call.id ?? '')) wrong.push(`${call.id}: came whole, and is not in the books`)
    } else if (!isExcused(call, episodes)) {
      const words = wordsFor(call, episodes)
      lost.set(words, (lost.get(words) ?? 0) + 1)
    }
  }
  return {
    calls: heard.length,
    complete: heard.filter(({ isComplete }) => isComplete).length,
    refused: heard.filter((call) => !call.isComplete && isExcused(call, episodes)).length,
    lost,
    wrong,
    holdsLeft: await holds(),
    holdsGoneAfterMs,
    chargedNanos: rows.reduce((sum, { charged }) => sum + BigInt(charged), 0n),
    reportedNanos: reportedBy(upstream),
  }
}

/** All that the upstream has served whole, at the list's prices: what the operator pays. */
const reportedBy = (upstream: Upstream): bigint =>
  upstream
    .served()
    .filter(({ outcome }) => outcome === 'completed')
    .reduce(
      (sum, { promptTokens, completionTokens }) =>
        sum + BigInt(promptTokens * prices.input + completionTokens * prices.output),
      0n,
    )
