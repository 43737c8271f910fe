import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import {
  deltaOf,
  eventOf,
  speak,
  startHandFedUpstream,
} from '../../../test/upstreams/hand-fed-upstream.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { letClockGoOn, stopClockAt } from '../../../test/time/stopped-clock.ts'

const model = 'gpt-4.1'
let upstream: Awaited<ReturnType<typeof startHandFedUpstream>>
let stage: Stage
before(async () => {
  upstream = await startHandFedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
  const tiers = (nanos: number) => [
    { upToInputTokens: null, prices: { input: nanos * 1e6, output: nanos * 1e6 } },
  ]
  const terms = JSON.stringify({
    times: [
      { when: [{ from: '00:30', to: '04:00' }], tiers: tiers(300) },
      { when: null, tiers: tiers(101) },
    ],
    basisPoints: { flex: 5_000 },
    serviceTiers: ['flex'],
  })
  await stage.sql(`insert into prices (model, effective_from, terms, actor) values (?)`, [
    [model, '2001-01-01', terms, 'test'],
  ])
  await stage.relay.services.catalog.refresh()
})
afterEach(async () => {
  letClockGoOn()
  await stage.expectNothingHeld()
  await stage.expectCleanBooks()
})
after(async () => {
  await stage.stop()
  upstream.close()
})

/** Today, so that there is a partition for it. */
const day = new Date().toISOString().slice(0, 10)
const momentOf = (time: string) => Date.parse(`${day}T${time}Z`)
const usage = { prompt_tokens: 20, completion_tokens: 3, total_tokens: 23 }

/** A call that begins and ends at these times, by the clock of the relay. */
async function called(from: string, to: string, serviceTier = 'default') {
  stopClockAt(momentOf(from))
  upstream.play((res) => {
    speak(res, deltaOf({ content: 'one' }))
    stopClockAt(momentOf(to))
    const last = { model, choices: [], usage, service_tier: serviceTier }
    res.end([deltaOf({}, { finish_reason: 'stop' }), last, '[DONE]'].map(eventOf).join(''))
  })
  const body = { model, stream: true, service_tier: serviceTier }
  const answer = await stage.ask({ body })
  letClockGoOn()
  assert.ok(answer.text.includes('[DONE]'), answer.text)
  return stage.waitForCall(answer.headers['x-request-id'])
}

describe('a call of a model with peak hours', () => {
  test('costs what holds in the second that it begins in', async () => {
    assert.equal((await called('03:59:59', '03:59:59')).cost, 23 * 300)
    assert.equal((await called('04:00:00', '04:00:00')).cost, 23 * 101)
  })

  test('that goes on when they end, or begin, keeps the price of its start', async () => {
    const peak = await called('03:59:59.999', '04:00:30')
    assert.equal(peak.cost, 23 * 300)
    assert.ok(peak.hold >= peak.cost)
    assert.equal((await called('00:29:59', '00:31:00')).cost, 23 * 101)
  })

  test('is half of either at the tier that is half of it, rounded up', async () => {
    assert.equal((await called('03:59:59', '04:00:30', 'flex')).cost, (23 * 300) / 2)
    assert.equal((await called('04:00:00', '04:00:30', 'flex')).cost, Math.ceil((23 * 101) / 2))
  })
})
