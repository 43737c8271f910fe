import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  eventStream,
  json,
  startScriptedUpstream,
  type ScriptedUpstream,
} from '../../test/upstreams/scripted-upstream.ts'
import { startStage, type Stage } from '../../test/stage.ts'

const MiB = 2 ** 20
setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

let stage: Stage
let upstream: ScriptedUpstream
before(async () => {
  upstream = await startScriptedUpstream()
  stage = await startStage({ upstreamUrl: upstream.url })
})
after(async () => {
  await stage.stop()
  await upstream.close()
})

const model = 'gpt-4.1'
const usage = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 }
const choice = { index: 0, finish_reason: 'stop' }
const good = {
  plain: json(200, { model, choices: [{ ...choice, message: { content: 'ok' } }], usage }),
  streamed: eventStream(
    `data: ${JSON.stringify({ model, choices: [{ ...choice, delta: { content: 'ok' } }] })}\n\n`,
    `data: ${JSON.stringify({ model, choices: [], usage })}\n\n`,
    'data: [DONE]\n\n',
  ),
}

/** Has this many calls answered, each with a text of a MiB and a bit of its own. */
async function answered(form: keyof typeof good, calls: number): Promise<void> {
  upstream.answerWith(good[form])
  const ask = async (_: unknown, i: number) => {
    const content = `${i} ${'lorem ipsum '.repeat(MiB / 12)}`
    const body = { model, stream: form === 'streamed', messages: [{ role: 'user', content }] }
    return (await stage.ask({ body })).status
  }
  const statuses = await Promise.all(Array.from({ length: calls }, ask))
  assert.deepEqual(new Set(statuses), new Set([200]))
}

/** What somebody holds on to. */
async function bytesKept(): Promise<number> {
  // Buffers and what has a finalizer go in turns after that in which they were found.
  for (let i = 0; i < 6; i++) {
    collectGarbage()
    await new Promise((resolve) => setImmediate(resolve))
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

for (const form of ['plain', 'streamed'] as const) {
  test(`a settlement of a ${form} call that waits keeps nothing of its request’s text`, async () => {
    const { services } = stage.relay
    const { ledger } = services
    // What code, tables and connections take is there before.
    await answered(form, 16)
    await stage.expectNothingHeld()
    const before = await bytesKept()
    let goOn = () => undefined as void
    const isBack = new Promise<void>((resolve) => (goOn = resolve))
    let waiting = 0
    services.ledger = {
      ...ledger,
      async settle(given) {
        waiting += 1
        await isBack
        return ledger.settle(given)
      },
    }
    try {
      await answered(form, 16)
      assert.equal(waiting, 16)
      const kept = (await bytesKept()) - before
      assert.ok(kept < 4 * MiB, `${(kept / MiB).toFixed(1)} MiB for 16 calls`)
    } finally {
      services.ledger = ledger
      goOn()
    }
    await stage.expectNothingHeld()
    await stage.expectCleanBooks()
  })
}
