import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startStage, type Stage } from '../../../test/stage.ts'
import { exposedHeaders } from '../../api/api.server.ts'
import { errorList } from '../../errors/errors.ts'
import { refusedForMoney } from '../../errors/refusal.ts'
import { calledPaths } from './read.server.ts'
import { endpointWords, headerWords, moneyWords, questions } from './words.ts'

let stage: Stage
before(async () => (stage = await startStage({ env: { TOP_UP_URL: 'https://shop.example' } })))
after(() => stage.stop())

const sorted = (names: Iterable<string>) => [...names].sort()

describe('the documentation', () => {
  test('says something of every path and of every header, and of none that there is not', () => {
    assert.deepEqual(sorted(Object.keys(endpointWords)), sorted(calledPaths()))
    assert.deepEqual(sorted(Object.keys(headerWords)), sorted(exposedHeaders))
    assert.ok(errorList.length >= 19)
  })

  test('names every member of a 402, whatever it is of', () => {
    const figures = { neededNanos: 3, availableNanos: 1, heldNanos: 0, limitThatFits: 5 }
    const of = { budgetNanos: 2, spentNanos: 1, heldNanos: 0, period: 'day', endsMs: 1e12 }
    const refused = [
      refusedForMoney('insufficient_balance', { ...figures, budget: null }, 'https://shop.example'),
      refusedForMoney('key_budget_exceeded', { ...figures, budget: of }, undefined),
      refusedForMoney(
        'key_budget_exceeded',
        { ...figures, budget: { ...of, isMembers: true } },
        undefined,
      ),
    ]
    const usual = ['message', 'type', 'param', 'code']
    const members = refused.flatMap(({ wire }) => Object.keys(wire.error))
    const named = new Set(members.filter((name) => !usual.includes(name)))
    assert.deepEqual(sorted(Object.keys(moneyWords)), sorted(named))
  })

  test('names every field of what a key may ask, and every parameter is taken', async () => {
    const messages = [{ role: 'user', content: 'hello' }]
    const { headers } = await stage.ask({ body: { model: 'gpt-4o-mini', messages } })
    const headersOfKey = { authorization: `Bearer ${stage.customer.secret}` }
    const base = stage.relay.url.replace(/\/v1$/, '')
    const values: Record<string, string> = {
      from: '2026-01-01',
      to: '2026-01-02',
      model: 'gpt-4o',
      key: String(stage.customer.keyId),
      status: '4xx',
      outcome: 'completed',
      time_zone: 'Asia/Shanghai',
    }
    for (const { path, fields, query } of questions) {
      const url = base + path.replace('{id}', String(headers['x-request-id']))
      const params = new URLSearchParams(
        Object.keys(query ?? {}).map((name) => [name, values[name] ?? '']),
      )
      const answer = await fetch(`${url}?${params}`, { headers: headersOfKey })
      const text = await answer.text()
      assert.equal(answer.status, 200, text)
      const told = JSON.parse(text) as Record<string, unknown>
      assert.deepEqual(sorted(Object.keys(told)), sorted(Object.keys(fields)), path)
    }
  })
})
