import { randomBytes } from 'node:crypto'
import { limits } from '../../config/limits.ts'
import { run, type Db } from '../../db/db.server.ts'
import { newCallId } from '../../values/call-id.ts'
import { firstIdAt } from '../../values/days.ts'
import type { NewCall } from '../call-row.ts'
import type { PastCall } from './past-share.ts'

const { pastRowsAtOnce } = limits.ledger

/**
 * What the ids of one history end with: its own tag, then a number. By the tag they are told from
 * all other calls, by the number they are counted off.
 */
class Tails {
  private readonly tag = randomBytes(5)

  constructor() {
    // The variant of RFC 9562.
    this.tag[0] = (this.tag[0]! & 0x3f) | 0x80
  }

  of(number: number): Buffer {
    const tail = Buffer.alloc(8)
    this.tag.copy(tail)
    tail.writeUIntBE(number, 5, 3)
    return tail
  }
}

/** A stretch whose first `calls` calls of the pattern are in the database. */
type Written = { startMs: number; calls: number }

/**
 * Writes stretches of calls that all begin like one pattern: the database copies rows faster than
 * any program sends them, so it copies what an earlier stretch has and is sent only the rest.
 */
export class PastRows {
  private readonly tails = new Tails()
  private largest: Written | undefined

  constructor(
    private readonly accountId: number,
    private readonly pattern: readonly PastCall[],
    private readonly stretchMs: number,
  ) {}

  /** What tells the first `calls` calls of a stretch from all others. */
  range({ startMs, calls }: Written) {
    return {
      accountId: this.accountId,
      from: firstIdAt(startMs),
      to: firstIdAt(startMs + this.stretchMs),
      firstTail: this.tails.of(0),
      lastTail: this.tails.of(calls - 1),
    }
  }

  async write(db: Db, { startMs, calls }: Written): Promise<void> {
    const { largest } = this
    const copies = Math.min(largest?.calls ?? 0, calls)
    if (largest && copies > 0) {
      const source = this.range({ ...largest, calls: copies })
      const shiftMs = startMs - largest.startMs
      const copied = await run(db, 'ledger/past/copy-calls', { ...source, shiftMs })
      if (copied !== copies) throw new Error(`${copied} copies, not ${copies}`)
    }
    const rows: NewCall[] = []
    for (let number = copies; number < calls; number++) rows.push(this.row(number, startMs))
    rows.sort((a, b) => Buffer.compare(a.id, b.id))
    for (let at = 0; at < rows.length; at += pastRowsAtOnce)
      await run(db, 'ledger/insert-calls', {
        calls: rows.slice(at, at + pastRowsAtOnce),
      })
  }

  /** To be told once a stretch is committed: from now on it may be copied. */
  committed(written: Written) {
    if (written.calls > (this.largest?.calls ?? 0)) this.largest = written
  }

  private row(number: number, startMs: number): NewCall {
    // A stretch has no more calls than the pattern.
    const { startsMs, endsMs, ...call } = this.pattern[number]!
    if (!(0 <= startsMs && startsMs <= endsMs && endsMs < this.stretchMs))
      throw new RangeError('a call of the past ends within its stretch of time')
    const id = newCallId(startMs + startsMs)
    this.tails.of(number).copy(id, 8)
    return {
      ...call,
      id,
      accountId: this.accountId,
      planNanos: 0,
      balanceNanos: call.costNanos,
      overrunNanos: 0,
      waivedNanos: 0,
      otherModel: null,
      startedAt: new Date(startMs + startsMs),
      endedAt: new Date(startMs + endsMs),
    }
  }
}
