import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { AnswerBudget } from './answer-budget.ts'

const bounds = {
  processBytesMax: 1_000,
  accountBytesMax: 600,
  pieceBytesMax: 10,
  waitMsMax: 90,
  takeMsMax: 60,
  lookEveryMs: 1_000_000,
}

/** What an answer that waits has been told, as soon as it has. */
function hearing(waits: Promise<boolean> | undefined) {
  assert.ok(waits, 'it waits')
  const heard: { mayGoOn?: boolean } = {}
  void waits.then((mayGoOn) => (heard.mayGoOn = mayGoOn))
  return heard
}
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('the budget of answers', () => {
  test('is what all shares have, and is whole again when they have nothing', () => {
    const answers = new AnswerBudget(bounds)
    const [a, b] = [answers.open(1), answers.open(2)]
    assert.equal(a.add(30), undefined)
    assert.equal(a.add(40), undefined)
    assert.equal(b.add(10), undefined)
    assert.equal(answers.bytes, 80)
    a.keep(20)
    a.keep(500)
    assert.equal(answers.bytes, 30)
    for (const share of [a, b, a]) share.end()
    assert.equal(answers.bytes, 0)
  })

  test('past it the first goes on and the others wait until there is room', async () => {
    const answers = new AnswerBudget(bounds)
    const [full, first, second] = [answers.open(1), answers.open(2), answers.open(3)]
    void full.add(600)
    void first.add(390)
    // Beyond the budget, and at once: nobody else is.
    assert.equal(await first.add(20), true)
    const heard = hearing(second.add(11))
    assert.equal(first.add(500), undefined)
    await turn()
    assert.deepEqual(heard, {})
    first.end()
    await turn()
    assert.deepEqual(heard, { mayGoOn: true })
    full.end()
    second.end()
    assert.equal(answers.bytes, 0)
  })

  test('one account waits for its own answers, and others do not', async () => {
    const answers = new AnswerBudget(bounds)
    const shares = Array.from({ length: 3 }, () => answers.open(1))
    void shares[0]!.add(600)
    assert.equal(await shares[1]!.add(11), true)
    const heard = hearing(shares[2]!.add(11))
    assert.equal(answers.open(2).add(300), undefined)
    await turn()
    assert.deepEqual(heard, {})
    shares[0]!.keep(100)
    await turn()
    assert.deepEqual(heard, { mayGoOn: true })
  })

  test('who waits too long is told so, and who takes too long while others wait is cut', async () => {
    let nowMs = 0
    const answers = new AnswerBudget(bounds, () => nowMs)
    const [slow, ahead, late, last] = [1, 2, 3, 4].map((id) => answers.open(id))
    assert.ok(slow && ahead && late && last)
    void slow.add(600)
    let cuts = 0
    slow.goOut(() => cuts++)
    void ahead.add(600)
    const [first, second] = [hearing(late.add(11)), hearing(last.add(11))]
    nowMs = 60
    answers.look()
    assert.equal(cuts, 0)
    nowMs = 61
    answers.look()
    assert.equal(cuts, 1)
    await turn()
    // The upstream of the one that went on beyond the budget is slow: the next does instead.
    assert.deepEqual([first, second], [{ mayGoOn: true }, {}])
    nowMs = 91
    answers.look()
    await turn()
    assert.deepEqual(second, { mayGoOn: false })
    for (const share of [slow, ahead, late, last]) share.end()
    assert.equal(answers.bytes, 0)
  })

  describe('who takes too long is cut only where that makes room for one that waits', () => {
    /** A slow answer of account 2, and one of account 1, beside `others` of its own. */
    const cutsWith = async (othersBytes: number, waitsFor: number) => {
      let nowMs = 0
      const answers = new AnswerBudget(bounds, () => nowMs)
      const cuts: string[] = []
      const slow = (account: number, bytes: number) => {
        const share = answers.open(account)
        void share.add(bytes)
        share.goOut(() => {
          cuts.push(`${account}`)
          share.end()
        })
      }
      slow(2, 100)
      slow(1, 595)
      slow(3, othersBytes)
      // Where the process is full it goes on beyond all room, and whoever comes next waits.
      void answers.open(5).add(11)
      const heard = hearing(answers.open(waitsFor).add(11))
      nowMs = 61
      answers.look()
      await turn()
      return { cuts, heard }
    }

    test('of its own account', async () => {
      const { cuts, heard } = await cutsWith(0, 1)
      assert.deepEqual([cuts, heard], [['1'], { mayGoOn: true }])
    })

    test('of its own account too where the process is full and one’s account as well', async () => {
      const { cuts, heard } = await cutsWith(295, 1)
      assert.deepEqual([cuts, heard], [['1'], { mayGoOn: true }])
    })

    test('of anybody where only the process is full, and no more of them than that takes', async () => {
      const { cuts, heard } = await cutsWith(295, 4)
      assert.deepEqual([cuts, heard], [['2'], { mayGoOn: true }])
    })
  })

  describe('an account that is full', () => {
    test('waits for its own clients to take what they have, and holds up nobody', async () => {
      const answers = new AnswerBudget(bounds)
      const [taken, more] = [answers.open(1), answers.open(1)]
      void taken.add(590)
      taken.goOut(() => undefined)
      const heard = hearing(more.add(20))
      for (let i = 0; i < 30; i++) assert.equal(answers.open(2).add(11), undefined)
      await turn()
      assert.deepEqual(heard, {})
      taken.end()
      await turn()
      assert.deepEqual(heard, { mayGoOn: true })
    })

    test('goes beyond its part only while the process has room', async () => {
      const answers = new AnswerBudget(bounds)
      const [a, b, other, third] = [1, 1, 2, 3].map((id) => answers.open(id))
      assert.ok(a && b && other && third)
      void a.add(590)
      assert.equal(await b.add(20), true)
      assert.equal(b.add(380), undefined)
      assert.equal(await other.add(30), true)
      // The place beyond the process's room is another's.
      const heard = hearing(b.add(10))
      const next = hearing(third.add(11))
      other.end()
      await turn()
      assert.deepEqual([heard, next], [{}, { mayGoOn: true }])
      third.end()
      await turn()
      assert.deepEqual(heard, { mayGoOn: true })
    })
  })

  test('who was read beyond it makes place for the next as soon as all of it is there', async () => {
    const answers = new AnswerBudget(bounds)
    const [full, ahead, next] = [1, 2, 3].map((id) => answers.open(id))
    assert.ok(full && ahead && next)
    void full.add(600)
    assert.equal(await ahead.add(500), true)
    const heard = hearing(next.add(11))
    ahead.goOut(() => undefined)
    await turn()
    assert.deepEqual(heard, { mayGoOn: true })
  })

  test('an answer that is there while it still waits neither waits nor goes beyond the budget', async () => {
    const answers = new AnswerBudget(bounds)
    const [full, ahead, whole, next] = [1, 2, 3, 4].map((id) => answers.open(id))
    assert.ok(full && ahead && whole && next)
    void full.add(600)
    assert.equal(await ahead.add(500), true)
    const last = hearing(whole.add(20))
    const heard = hearing(next.add(11))
    // Its last piece and its end came in one.
    whole.goOut(() => undefined)
    ahead.end()
    await turn()
    assert.ok('mayGoOn' in last)
    assert.deepEqual(heard, { mayGoOn: true })
  })

  test('an answer of one piece never waits', () => {
    const answers = new AnswerBudget(bounds)
    for (const id of [1, 1, 2]) void answers.open(id).add(600)
    for (const id of [1, 3]) {
      const short = answers.open(id)
      assert.equal(short.add(4), undefined)
      assert.equal(short.add(6), undefined)
      hearing(short.add(1))
    }
  })

  test('one that ends while it waits waits no more', async () => {
    const answers = new AnswerBudget(bounds)
    const [a, b] = [answers.open(1), answers.open(1)]
    await a.add(700)
    const heard = hearing(b.add(11))
    b.end()
    await turn()
    assert.deepEqual(heard, { mayGoOn: false })
    a.end()
    assert.equal(answers.bytes, 0)
  })

  test('all come through, whatever they are, and one alone is beyond the budget', async () => {
    const sizes = fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(90)), { maxLength: 60 })
    await fc.assert(
      fc.asyncProperty(sizes, async (all) => {
        const answers = new AnswerBudget(bounds)
        let most = 0
        const read = async ([accountId, pieces]: [number, number]) => {
          const share = answers.open(accountId)
          for (let i = 0; i < pieces; i++) {
            const waits = share.add(bounds.pieceBytesMax)
            most = Math.max(most, answers.bytes)
            if (waits) assert.equal(await waits, true)
            else await turn()
          }
          share.end()
        }
        await Promise.all(all.map(read))
        assert.equal(answers.bytes, 0)
        // Each that waits has the piece with which it came to wait.
        assert.ok(most <= 1_000 + 900 + 60 * bounds.pieceBytesMax, `${most}`)
      }),
      { numRuns: 30 },
    )
  })

  test('what comes for an answer that is over is counted no more', () => {
    const answers = new AnswerBudget(bounds)
    const share = answers.open(1)
    share.end()
    assert.equal(share.add(10_000), undefined)
    assert.equal(answers.bytes, 0)
  })
})
