import { createHmac } from 'node:crypto'
import type { LookupFunction } from 'node:net'
import { promisify } from 'node:util'
import { Agent, type Dispatcher } from 'undici'
import type { Env } from '../config/env.ts'
import { deriveKey } from '../config/derive-key.ts'
import { limits } from '../config/limits.ts'
import { proxiedAgent } from '../http/http.server.ts'
import { checkedLookup } from '../upstreams/upstreams.server.ts'
import { clockMs } from '../values/clock.ts'
import { faultOfTarget } from './webhook-target.ts'

const { answerBytesMax, connectMsMax, sendMsMax } = limits.notices

/** A call of a webhook as it is signed and sent. */
export type HookCall = {
  url: string
  /** The same for every try of it. */
  id: string
  body: string
  /** Of now, and the one before it while it lasts. */
  secrets: Uint8Array[]
}

/**
 * What signs an account's calls: made of what is kept with it and of what only the relay knows, so
 * that no copy of the database signs anything.
 */
export const secretOf = (env: Pick<Env, 'SESSION_SECRET'>, seed: Uint8Array): Buffer =>
  createHmac('sha256', deriveKey(env, 'webhook secrets')).update(seed).digest()

/** As its owner gives it to their program. */
export const shownSecret = (secret: Uint8Array) => `whsec_${Buffer.from(secret).toString('base64')}`

/** The operator's own: in the same form, or any text. */
export function secretFrom(text: string): Buffer {
  const [, base64] = /^whsec_([A-Za-z\d+/]+=*)$/.exec(text) ?? []
  return base64 ? Buffer.from(base64, 'base64') : Buffer.from(text)
}

/** As the Standard Webhooks say: who checks it knows who sent what, and when. */
const signed = ({ id, body, secrets }: HookCall, seconds: number) =>
  secrets
    .map((secret) =>
      createHmac('sha256', secret).update(`${id}.${seconds}.${body}`).digest('base64'),
    )
    .map((signature) => `v1,${signature}`)
    .join(' ')

/** The other side answered, and not that it has taken it. */
export class HookRefused extends Error {
  constructor(readonly code: string) {
    super(code)
  }
  /** It wants no more of it (410), or the address may not be called. */
  get isForGood() {
    return this.code === 'http_410' || this.code === 'target'
  }
}

/** A name of it leads where calls may not go; it may lead elsewhere the next time. */
const isAddressRefused = (error: unknown) =>
  (error as { code?: unknown } | null)?.code === 'upstream_address'

/**
 * Calls webhooks. Where one leads to is looked at when it is connected to, at every address that
 * its name has: a name that meanwhile leads into somebody's own network is refused there. Answers are
 * bounded in bytes and time, and redirects are answers like any other.
 */
export class HookCaller {
  /** Of customers, whose names are looked up with a look at where they lead. */
  private readonly theirs: Dispatcher
  /** Of the operator, which may lead anywhere. */
  private readonly own: Dispatcher
  private readonly mayBePrivate: boolean

  constructor(private readonly env: Env) {
    this.mayBePrivate = env.ALLOW_PRIVATE_WEBHOOKS
    this.theirs = this.agent({ lookup: checkedLookup(this.mayBePrivate) })
    this.own = this.agent({})
  }

  /** Rejects unless the other side has said that it has it. */
  async call(call: HookCall, isOwn: boolean): Promise<void> {
    try {
      if (!isOwn) await this.check(call.url)
      const status = await this.send(call, isOwn ? this.own : this.theirs)
      if (status < 200 || status > 299) throw new HookRefused(`http_${status}`)
    } catch (error) {
      throw isAddressRefused(error) ? new HookRefused('private_address') : error
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.theirs.destroy(), this.own.destroy()])
  }

  private async check(url: string): Promise<void> {
    if (faultOfTarget(url, this.mayBePrivate) !== undefined) throw new HookRefused('target')
    // A proxy looks names up itself, where nobody here sees what it finds.
    if (!this.env.proxies) return
    const look = promisify((host: string, done: (error: Error | null) => void) =>
      checkedLookup(this.mayBePrivate)(host, { all: true }, (error) => done(error)),
    )
    await look(new URL(url).hostname.replace(/^\[(.*)\]$/, '$1'))
  }

  private async send(call: HookCall, through: Dispatcher): Promise<number> {
    const { origin, pathname, search } = new URL(call.url)
    const seconds = Math.floor(clockMs() / 1_000)
    const { statusCode, body } = await through.request({
      origin,
      path: pathname + search,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'ai-api-relay-webhooks',
        'webhook-id': call.id,
        'webhook-timestamp': String(seconds),
        'webhook-signature': signed(call, seconds),
      },
      body: call.body,
      signal: AbortSignal.timeout(sendMsMax),
    })
    await body.dump({ limit: answerBytesMax })
    return statusCode
  }

  private agent(connecting: { lookup?: LookupFunction }): Dispatcher {
    const options = {
      connect: { timeout: connectMsMax, ...connecting },
      headersTimeout: sendMsMax,
      bodyTimeout: sendMsMax,
      // Calls are rare, and each is to look where its name leads.
      pipelining: 0,
    }
    const { proxies } = this.env
    return proxies ? proxiedAgent(proxies, options) : new Agent(options)
  }
}
