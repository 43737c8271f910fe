import { frameOf, type Frame, type Fresh } from './frames.ts'
import type { Served } from './served.ts'
import type { ClientConnection } from './client.ts'
import type { Plan } from './plan.ts'
import { numberOf, type Script } from './script.ts'
import type { Send, Step } from './steps.ts'

/** What is different for two requests with the same body. */
type Performance = {
  connection: ClientConnection
  served: Served
  headers: Record<string, string>
  fresh: Fresh
  eventMs: number
}

// Without pacing, events are collected into writes of about this size.
const batchMax = 64 * 1024

/** Plays a plan to one client, and keeps the log of what was served true while it does. */
export async function play(plan: Plan, performance: Performance): Promise<void> {
  const { connection } = performance
  const player = new Player(plan, performance)
  for (const step of plan.steps) {
    if (connection.gone || player.isOver) return
    // Only steps that have to wait are awaited: an unpaced answer is written in one go.
    const waiting = player.act(step)
    if (waiting) await waiting
  }
}

/** At which byte of the body an answer is cut, and how, where the script says so. */
function byteCutIn(script: Script) {
  if (script.has('end-at-byte'))
    return { at: numberOf(script, 'end-at-byte', 0), how: 'ended' } as const
  if (script.has('reset-at-byte'))
    return { at: numberOf(script, 'reset-at-byte', 0), how: 'reset' } as const
  return undefined
}

class Player {
  /** The answer was cut at a byte: nothing more comes. */
  isOver = false
  readonly #to: Performance
  readonly #frame: Frame
  readonly #wait: number
  readonly #batchMax: number
  readonly #cut: ReturnType<typeof byteCutIn>
  #paced = false
  #bytes = 0
  #batch = ''
  #sends: Send[] = []

  constructor({ script }: Plan, performance: Performance) {
    this.#to = performance
    this.#frame = frameOf(script)
    this.#cut = byteCutIn(script)
    this.#wait = script.has('split') ? 0 : performance.eventMs
    // Cut at one offset, an answer is two writes; cut everywhere, each event counts by itself.
    const split = script.get('split')
    this.#batchMax = split === undefined ? batchMax : split === '' ? 0 : Infinity
  }

  act(step: Step): Promise<void> | undefined {
    const { connection, served, headers } = this.#to
    switch (step.do) {
      case 'send':
        return this.#send(step)
      case 'headers':
        served.status = step.status
        connection.headers(step.status, { ...headers, ...step.headers })
        return undefined
      case 'wait':
        return this.#flush().then(() => connection.wait(step.ms))
      case 'repeat-for-ever':
        return this.#repeat(step.sends)
      case 'hang':
        return this.#flush().then(() => connection.hang())
      case 'reset':
        return this.#flush().then(() => this.#reset())
      case 'end':
        served.outcome = step.outcome
        return connection.end(this.#take())
    }
  }

  #send(send: Send): Promise<void> | undefined {
    const last = this.#cut && this.#lastBytes(send, this.#cut.at)
    if (last) return this.#flush().then(() => this.#endWith(last))
    if (this.#wait > 0 && send.as === 'event') return this.#sendPaced(send)
    // A full batch leaves when the next text comes, so that the last one leaves with the end.
    const full = this.#batch !== '' && this.#batch.length >= this.#batchMax
    if (full) return this.#flush().then(() => this.#add(send))
    this.#add(send)
    return undefined
  }

  // It waits before an event and not after it: a client that has seen [DONE] may leave at once.
  async #sendPaced(send: Send): Promise<void> {
    if (this.#paced) await this.#to.connection.wait(this.#wait)
    this.#paced = true
    if (this.#to.connection.gone) return
    this.#add(send)
    await this.#flush()
  }

  /** The bytes of this send that may still go out, where not all of it may. */
  #lastBytes(send: Send, cutAt: number): Buffer | undefined {
    const bytes = Buffer.from(this.#frame(send, this.#to.fresh))
    const before = this.#bytes
    this.#bytes += bytes.length
    return this.#bytes > cutAt ? bytes.subarray(0, cutAt - before) : undefined
  }

  // Of what was cut within nothing counts as delivered.
  async #endWith(bytes: Buffer): Promise<void> {
    const { connection, served } = this.#to
    const how = this.#cut?.how ?? 'ended'
    this.isOver = true
    served.outcome = how === 'ended' ? 'ended-early' : 'reset'
    await connection.cut(bytes, how)
  }

  #add(send: Send) {
    this.#batch += this.#frame(send, this.#to.fresh)
    this.#sends.push(send)
  }

  async #repeat(sends: Send[]): Promise<void> {
    while (!this.#to.connection.gone) {
      for (const send of sends) {
        if (this.#to.connection.gone) return
        await this.#send(send)
      }
      await this.#flush()
      // A reader that keeps up would otherwise never let the server do anything else.
      await new Promise(setImmediate)
    }
  }

  async #flush(): Promise<void> {
    if (this.#to.served.status !== 0) await this.#to.connection.write(this.#take())
  }

  async #reset(): Promise<void> {
    this.#to.served.outcome = 'reset'
    await this.#to.connection.reset()
  }

  // What is taken is written at once, so it counts as delivered from here on.
  #take(): string {
    const { served } = this.#to
    const text = this.#batch
    if (this.#to.connection.gone) return text
    for (const { as, tokens, usage } of this.#sends) {
      if (as !== 'raw') served.deliveredEvents += 1
      served.deliveredTokens += tokens
      served.completionTokens += tokens
      if (usage) served.reportedUsage = usage
    }
    this.#batch = ''
    this.#sends = []
    return text
  }
}
