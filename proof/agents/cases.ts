import assert from 'node:assert/strict'
import { announceRevocation, revokeKey } from '../../app/keys/keys.server.ts'
import { eventually } from '../../dev/command/eventually.ts'
import type { CallRow } from '../../test/calls.ts'
import { publishedPrice } from '../../test/upstreams/published-price.ts'
import { runAgent, type Agent, type Said } from './agents.ts'
import type { Site } from './site.ts'

/** What came of one run; it is right where nothing was thrown. */
type Seen = { said: Said; lines: string[] }
type Case = { title: string; look(site: Site, agent: Agent): Promise<Seen> }

const rich = 1_000e9
const dollars = (nanos: number) => `$${(nanos / 1e9).toFixed(9)}`
const of = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`

/** The upstream's own count, at the published price. */
function counted({ upstream }: Site, call: CallRow): number {
  const served = upstream.servedBy(call.upstreamId ?? '')
  assert.ok(served, 'the upstream knows the call')
  return publishedPrice(call.model, served)
}

async function saysDone(site: Site, agent: Agent): Promise<Seen> {
  const customer = await site.customerWith(rich)
  const said = await runAgent(site, agent, { secret: customer.secret, prompt: 'say done' })
  const calls = await site.booked(customer)
  assert.equal(said.code, 0, said.text)
  assert.ok(calls.length > 0, said.text)
  for (const call of calls) {
    assert.deepEqual([call.outcome, call.source, call.charges], ['completed', 'upstream', 1])
    assert.deepEqual([call.cost, call.charged], [counted(site, call), call.cost])
  }
  const bill = calls.map(({ model, cost }) => `${model} ${dollars(cost)}`).join(', ')
  return { said, lines: [`exit 0, billed ${of(calls.length, 'call')}: ${bill}`] }
}

async function hasNoMoney(site: Site, agent: Agent): Promise<Seen> {
  const customer = await site.customerWith(1)
  const [served, answered] = [site.upstream.served().length, site.statuses().length]
  const startedAt = performance.now()
  const said = await runAgent(site, agent, { secret: customer.secret, prompt: 'say done' })
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
  const calls = await site.booked(customer)
  assert.notEqual(said.code, 0, said.text)
  assert.equal(site.upstream.served().length, served)
  assert.ok(calls.every(({ cost }) => cost === 0))
  const refused = site
    .statuses()
    .slice(answered)
    .filter((status) => status === 402).length
  assert.ok(refused > 0, said.text)
  return { said, lines: [`${of(refused, 'refusal')} with 402 in ${seconds} s, nothing billed`] }
}

async function isRevoked(site: Site, agent: Agent): Promise<Seen> {
  const customer = await site.customerWith(rich)
  await revokeKey(site.relay.services.db, customer.accountId, customer.keyId)
  const answered = site.statuses().length
  const said = await runAgent(site, agent, { secret: customer.secret, prompt: 'say done' })
  assert.notEqual(said.code, 0, said.text)
  assert.deepEqual(await site.booked(customer), [])
  const refused = site
    .statuses()
    .slice(answered)
    .filter((status) => status === 401).length
  assert.ok(refused > 0, said.text)
  return { said, lines: [`${of(refused, 'refusal')} with 401, nothing billed`] }
}

async function isRevokedWithin(site: Site, agent: Agent): Promise<Seen> {
  const { db, redis } = site.relay.services
  const customer = await site.customerWith(rich)
  const before = site.upstream.served().length
  const running = runAgent(site, agent, { secret: customer.secret, prompt: 'say done [[endless]]' })
  await eventually('a stream that has said something', () =>
    Promise.resolve(
      site.upstream
        .served()
        .slice(before)
        .some((it) => it.deliveredEvents > 20),
    ),
  )
  await revokeKey(db, customer.accountId, customer.keyId)
  await announceRevocation(redis, customer.keyId)
  const said = await running
  assert.notEqual(said.code, 0, said.text)
  const calls = await site.booked(customer)
  const shown = ({ model, outcome, cost }: CallRow) => `${model} ${outcome} ${dollars(cost)}`
  const ends = calls.map(shown).join(', ')
  return { said, lines: [`cut, exit ${said.code}, ${of(calls.length, 'call')}: ${ends}`] }
}

async function isCutShort(site: Site, agent: Agent): Promise<Seen> {
  const customer = await site.customerWith(rich)
  const asked = { secret: customer.secret, prompt: 'say done [[end-early:4]]', isPatient: false }
  const said = await runAgent(site, agent, asked)
  const calls = await site.booked(customer)
  assert.ok(calls.length > 0, said.text)
  for (const { outcome, cost, streamed } of calls)
    if (streamed) assert.deepEqual([outcome, cost], ['failed', 0])
  return { said, lines: [`exit ${said.code}, ${of(calls.length, 'call')}, none of them billed`] }
}

export const cases: readonly Case[] = [
  { title: 'says done', look: saysDone },
  { title: 'has no money', look: hasNoMoney },
  { title: 'has a key that is revoked', look: isRevoked },
  { title: 'has its key revoked within a stream', look: isRevokedWithin },
  { title: 'has an upstream that dies each time', look: isCutShort },
]
