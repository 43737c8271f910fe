import assert from 'node:assert/strict'
import { request, type ServerResponse } from 'node:http'
import { after, before, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { model, startSeveral, type Several } from '../../../test/upstreams/several-upstreams.ts'
import { limits } from '../../config/limits.ts'

const MiB = 2 ** 20
const { kept: bounds } = limits.bodies

let several: Several<'first' | 'second'>
const waiting: ServerResponse[] = []
before(async () => {
  several = await startSeveral({ first: {}, second: {} })
  await several.sql('update models set context_tokens = ? where name = ?', [16 * MiB, model])
  await several.refresh()
})
after(() => several.stop())

const content = 'a '.repeat(4 * MiB)
const ask = (more = {}) => several.call({ messages: [{ role: 'user', content }] }, more)

test('long bodies that wait for an upstream leave room for the next ones', async () => {
  const { bodies } = several.relay.services
  const count = bounds.accountBytesMax / (8 * MiB) + 1
  several.fed.first.play((res) => void waiting.push(res))
  const asked = []
  for (let i = 1; i <= count; i++) {
    asked.push(ask())
    await eventually('it waits', () => waiting.length === i)
  }
  assert.ok(bodies.kept.bytes > 8 * MiB && bodies.kept.bytes <= bounds.accountBytesMax)
  several.fed.first.play((res) => res.writeHead(500).end())
  for (const res of waiting) res.writeHead(500).end()
  const statuses = (await Promise.all(asked)).map(({ status }) => status)
  // What was let go is not sent again: its failure stands.
  assert.ok(statuses.includes(503))
  assert.equal(several.fed.second.heard.length, statuses.filter((it) => it === 200).length)
  assert.ok(several.fed.second.heard.length > 0)
  assert.equal(bodies.kept.bytes, 0)
  await several.expectNothingHeld()
  await eventually('all have their room back', () => bodies.bytes === 0)
})

for (const stream of [false, true]) {
  test(`a long body of a ${stream ? 'streamed' : 'plain'} call goes when its client has left`, async () => {
    const { bodies } = several.relay.services
    waiting.length = 0
    several.forget()
    several.fed.first.play((res) => void waiting.push(res))
    const client = request(`${several.relay.url}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${several.customer.secret}` },
      agent: false,
    })
    client.on('error', () => undefined)
    client.end(JSON.stringify({ model, stream, messages: [{ role: 'user', content }] }))
    await eventually('it waits', () => waiting.length === 1)
    assert.ok(bodies.kept.bytes > 8 * MiB)
    client.destroy()
    await eventually('its room is free', () => bodies.kept.bytes === 0 && bodies.bytes < MiB)
    for (const res of waiting) res.writeHead(500).end()
    await several.expectNothingHeld()
    assert.equal(several.fed.second.heard.length, 0)
  })
}
