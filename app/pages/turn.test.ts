import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AppLoadContext } from '@remix-run/node'
import { inTime } from '../../test/in-time.ts'
import { limits } from '../config/limits.ts'
import { Pace, Shares } from '../http/http.server.ts'
import { takeTurn } from './turn.ts'

const bounds = { ...limits.pages.share, lineMax: 2 }

/** Requests of one process, each of which is answered when it is told to. */
function requests() {
  const services = {
    shares: new Shares(bounds),
    refusals: new Pace({ leastMs: 0, everyMs: 0, mostMs: 0 }),
  }
  return () => {
    let answer: () => void = () => undefined
    const made = new Promise<void>((resolve) => (answer = resolve))
    return { answer, context: { services, made } as unknown as AppLoadContext }
  }
}
const isDue = async (turn: Promise<unknown>) => {
  const later = new Promise((resolve) => setImmediate(() => resolve('later')))
  return (await Promise.race([turn, later])) !== 'later'
}

test('a page of an account waits until the one before it is made, and nobody else’s does', async () => {
  const ask = requests()
  const [first, second, other] = [ask(), ask(), ask()]
  await inTime('the first turn', takeTurn(1, first.context))
  const turn = takeTurn(1, second.context)
  assert.equal(await isDue(turn), false)
  await inTime('another account’s turn', takeTurn(2, other.context))
  first.answer()
  await inTime('the second turn', turn)
})

test('a request that asks again, as one with a form does, has the turn that it has', async () => {
  const { context } = requests()()
  await inTime('the turn of its form', takeTurn(1, context))
  await inTime('the turn of its page', takeTurn(1, context))
})

test('a file ends its turn before it is read to its end', async () => {
  const ask = requests()
  const leave = await takeTurn(1, ask().context)
  leave()
  await inTime('the next turn', takeTurn(1, ask().context))
})

test('whoever has too many that wait is told so', async () => {
  const ask = requests()
  const waiting = [1, 2].map(() => takeTurn(1, ask().context))
  await inTime('the first turn', waiting[0]!)
  const refused = await takeTurn(1, ask().context).then(
    () => undefined,
    (thrown: { init?: { status?: number } }) => thrown.init?.status,
  )
  assert.equal(refused, 429)
})

test('a turn lasts as long as the work for its page, whoever has left', async () => {
  const ask = requests()
  const [first, second] = [ask(), ask()]
  await inTime('the first turn', takeTurn(1, first.context))
  let end: () => void = () => undefined
  first.context.atWork = [new Promise<void>((resolve) => (end = resolve))]
  const turn = takeTurn(1, second.context)
  first.answer()
  assert.equal(await isDue(turn), false)
  end()
  await inTime('the second turn', turn)
})
