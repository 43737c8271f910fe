import { setTimeout as sleep } from 'node:timers/promises'
import { limits } from '../../config/limits.ts'
import type { Refused } from '../../errors/refusal.ts'
import { unservedBill, type Ask, type Grant } from '../../ledger/ledger.server.ts'
import { Pass, refusedByLimit, type Limited, type Wish } from '../../rates/rates.server.ts'
import type { Services } from '../../services.ts'
import { clockMs } from '../../values/clock.ts'
import type { Dialect } from '../endpoint.ts'
import { reserve, type Asked } from './reserve.ts'

/** A call that may go: what is held for it, and what of its limits it has taken. */
type LetIn = {
  grant: Grant
  /** Absent where nothing limits it. */
  pass?: Pass
  /** What it was reckoned at, before any limit had it take less. */
  inputBound: number
}

/**
 * Lets a call in by its limits and its money, both asked at once; by its limits first where they
 * are likely to keep it out, so that whoever comes too often costs no transaction; by its key and
 * money first where those kept out the one before it. Throws `Refused`, and then nothing is held,
 * or taken.
 */
export async function letIn(asked: Asked): Promise<LetIn> {
  const { services, endpoint, call, facts, asker } = asked
  const { limiter, rules, doubts } = services.rates
  const ask = endpoint.bound(call)
  const inputBound = ask.inputTokens ?? 0
  const found = rules.heldBy(facts)
  const held = Array.isArray(found) ? found : await found
  if (held.length === 0) return { grant: await reserve(asked, ask), inputBound }
  const tokens = tokensOf(ask, facts.accountId, services)
  const wish: Wish = { id: facts.callId.toString('base64url'), held, tokens }
  const who = `${facts.keyId} ${asker.secretNo}`
  const granted = doubts.has(who) ? await reserve(asked, ask) : undefined
  const said = { services, dialect: endpoint.dialect }
  const first = !granted && !limiter.isLikely(wish) ? await limiter.enter(wish) : undefined
  if (first) refuseIfLimited(first, said)
  // The reservation first: it takes longer.
  const reserving = granted ?? reserve(asked, ask)
  const entering = first ?? limiter.enter(wish)
  const [entered, reserved] = await Promise.allSettled([entering, reserving])
  // It says what keeps a call out; it never rejects.
  if (entered.status === 'rejected') throw entered.reason
  const { value } = entered
  if (reserved.status === 'rejected') {
    if (value instanceof Pass) value.undo()
    doubts.add(who)
    throw reserved.reason
  }
  doubts.remove(who)
  if (!(value instanceof Pass)) await release(asked)
  return { grant: reserved.value, pass: refuseIfLimited(value, said), inputBound }
}

/** What it is reckoned at: its input, and all that its client lets it say. */
export function tokensOf(ask: Ask, accountId: number, { rates }: Pick<Services, 'rates'>) {
  const { inputTokens = 0, outputTokensWanted, outputTokensMax, choices = 1 } = ask
  const said = outputTokensWanted ?? limits.rates.outputTokensUsual
  const input = rates.shares.reckon(accountId, inputTokens)
  return input + Math.min(said, outputTokensMax) * choices
}

type Counted = { callId: Buffer; accountId: number; keyId: number; model: string }

/**
 * Counts as a request what is no call, costs nothing and is asked of an upstream all the same; to
 * be ended when it is answered. Undefined where nothing limits it. Throws `Refused`.
 */
export async function countIn(of: Counted, said: Said): Promise<Pass | undefined> {
  const { limiter, rules } = said.services.rates
  const held = await rules.heldBy(of)
  if (held.length === 0) return undefined
  const wish = { id: of.callId.toString('base64url'), held, tokens: 0 }
  return refuseIfLimited(await limiter.enter(wish), said)
}

type Said = { services: Services; dialect: Dialect }

function refuseIfLimited(entered: Pass | Limited, { services, dialect }: Said): Pass {
  if (entered instanceof Pass) return entered
  services.log.counted('limited', `${entered.rule.scope} ${entered.kind}`)
  throw told(refusedByLimit(entered), entered, dialect)
}

/** With the figures that every answer has. */
function told(refused: Refused, { figures }: Limited, dialect: Dialect): Refused {
  const headers = dialect.limitHeaders(figures, clockMs())
  headers.forEach((name, at) => {
    // Names and values take turns.
    if (at % 2 === 0) refused.wire.headers[name] = headers[at + 1] ?? ''
  })
  return refused
}

/** Frees what was held for a call that its limits have kept out. */
async function release({ services, facts }: Asked): Promise<void> {
  const { ledger } = services
  const bill = {
    ...unservedBill(facts.priceId),
    statusCode: 429,
    errorCode: 'rate_limit_exceeded' as const,
  }
  const released = ledger
    .settle({ facts, bill })
    .catch((error: unknown) => ledger.giveUp(facts, error))
  // A database that is away has it later; nobody waits for that.
  await Promise.race([released, sleep(limits.ledger.settleWaitMsMax, undefined, { ref: false })])
}
