import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { limits } from '../../config/limits.ts'
import { Counter, startBetweenTurns, type Batch, type StartCounting } from './counter.ts'
import { countTokensOf, startThread } from './count-tokens.ts'
import { countSlice, countTokensNow, slicesOf } from './tokens.ts'

const { batchChars, sliceChars, holdsWaitingMax } = limits.tokens
const words = 'The relay counts every token, 汉字 and 🚀 too. '
const long = words.repeat(3_000)

/** A thread that answers when it is told to, and what it was given. */
function standIn() {
  const given: Batch[] = []
  const held: boolean[] = []
  let on: Parameters<StartCounting>[0] | undefined
  let starts = 0
  const start: StartCounting = (callbacks) => {
    starts++
    on = callbacks
    return { post: (batch) => void given.push(batch), hold: (isHeld) => void held.push(isHeld) }
  }
  return {
    start,
    given,
    held,
    starts: () => starts,
    answer: () =>
      on!.counted(given.at(-1)!.slices.reduce((sum, slice) => sum + countSlice(slice), 0)),
    die: () => on!.ended(new Error('out of memory')),
  }
}
const noted: string[] = []
const note = (error: Error) => void noted.push(error.message)

describe('a long count', () => {
  test('is of the same figure as the slices together, wherever it is made', async () => {
    const counter = new Counter(startBetweenTurns, note)
    const texts = [long, '', 'short', 'x'.repeat(20_000), ' '.repeat(20_000)]
    const truth = texts.reduce((sum, text) => sum + countTokensNow(text), 0)
    assert.equal(await counter.count(texts), truth)
    assert.equal(await countTokensOf(texts), truth)
    assert.equal(await counter.count([]), 0)
    // What one model makes one token of, an older one may make several of, on either way.
    for (const of of [words, long]) {
      const older = await counter.count([of], 'cl100k_base')
      assert.ok(older > countTokensNow(of))
      assert.equal(await countTokensOf([of], 'bill', 'cl100k_base'), older)
    }
  })

  test('takes its turn: one that came later and is short is done before it', async () => {
    const thread = standIn()
    const counter = new Counter(thread.start, note)
    const done: string[] = []
    const first = counter.count([long]).then(() => done.push('long'))
    const second = counter.count([words]).then(() => done.push('short'))
    for (const { slices } of thread.given)
      assert.ok(slices.join('').length < batchChars + sliceChars)
    thread.answer()
    assert.deepEqual(thread.given.at(-1)!.slices, [words])
    thread.answer()
    await second
    assert.deepEqual(done, ['short'])
    for (let at = 0; counter.underWay > 0 && at < 100; at++) thread.answer()
    await first
    assert.deepEqual([done, thread.starts()], [['short', 'long'], 1])
    // A process with nothing else to do waits for a count, and for no idle thread.
    assert.equal(thread.held.at(-1), false)
  })

  test('is made here where no thread can be started, and the next is not kept waiting', async () => {
    const start: StartCounting = () => {
      throw new Error('no threads left')
    }
    const counter = new Counter(start, (error) => void failed.push(error.message))
    const failed: string[] = []
    const counts = [counter.count([words]), counter.count([long])]
    assert.deepEqual(await Promise.all(counts), [countTokensNow(words), countTokensNow(long)])
    assert.ok(failed.length > 1 && failed.every((message) => message === 'no threads left'))
    assert.equal(counter.underWay, 0)
  })

  test('is ended here when its thread ends, and the next one starts another', async () => {
    const thread = standIn()
    const counter = new Counter(thread.start, note)
    const first = counter.count([words.repeat(100)])
    thread.die()
    assert.equal(await first, countTokensNow(words.repeat(100)))
    assert.deepEqual(noted, ['out of memory'])
    const second = counter.count([words])
    assert.equal(thread.starts(), 2)
    thread.answer()
    assert.equal(await second, countTokensNow(words))
  })

  test('that cannot be made fails alone', async () => {
    const failing: StartCounting = ({ failed, counted }) => ({
      post: ({ slices: [slice] }) => (slice === 'bad' ? failed(new Error('no')) : counted(1)),
      hold: () => undefined,
    })
    const counter = new Counter(failing, note)
    const [bad, good] = await Promise.allSettled([counter.count(['bad']), counter.count(['good'])])
    assert.deepEqual([bad.status, good.status], ['rejected', 'fulfilled'])
  })

  test('lets others have their turn after each slice, where there is no thread', async () => {
    const counter = new Counter(startBetweenTurns, note)
    let turns = 0
    let isOver = false
    const others = () => {
      turns++
      if (!isOver) setImmediate(others)
    }
    setImmediate(others)
    // Each text is short; all of them together are not.
    await counter.count(Array(200).fill(words.repeat(20)))
    isOver = true
    assert.ok(turns >= [...slicesOf(Array(200).fill(words.repeat(20)))].length)
  })

  test('for a hold is refused where too many wait; one for a bill never is', async () => {
    const counts = Array.from({ length: holdsWaitingMax + 5 }, () =>
      countTokensOf([words.repeat(40)], 'hold').catch((error: { code?: string }) => error.code),
    )
    const bill = countTokensOf([words.repeat(40)])
    const all = await Promise.all(counts)
    assert.equal(all.filter((it) => it === 'overloaded').length, 5)
    assert.equal(await bill, countTokensNow(words.repeat(40)))
    assert.equal(await countTokensOf([words.repeat(40)], 'hold'), await bill)
  })
})

describe('the thread that counts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'count-thread-'))
  const program = pathToFileURL(join(folder, 'count-thread.mjs'))
  before(async () => {
    const { outputFiles } = await build({
      entryPoints: ['app/relay/text/count-thread.ts'],
      bundle: true,
      platform: 'node',
      format: 'esm',
      write: false,
      // From another folder no package is found; the product's own build leaves them outside.
      banner: {
        js: `import { createRequire as from } from 'node:module'; const require = from(${JSON.stringify(import.meta.url)});`,
      },
    })
    writeFileSync(program, outputFiles[0]!.text)
  })
  after(() => rmSync(folder, { recursive: true }))

  test('answers the same figures, while this one goes on with other things', async () => {
    const counter = new Counter(startThread(program), note)
    const count = counter.count([long])
    // In one thread with the count this would be the last to happen.
    let isCounted = false
    void count.then(() => (isCounted = true))
    await new Promise((resolve) => setImmediate(resolve))
    assert.equal(isCounted, false)
    assert.equal(await count, countTokensNow(long))
    assert.equal(await counter.count([words]), countTokensNow(words))
    const older = await new Counter(startBetweenTurns, note).count([words], 'cl100k_base')
    assert.equal(await counter.count([words], 'cl100k_base'), older)
  })
})
