import assert from 'node:assert/strict'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { test, type TestContext } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { HandOver, type Taker } from './hand-over.ts'

type Fake = Taker & { handed: { id: number; socket: Socket }[] }
const fake = (): Fake => {
  const handed: Fake['handed'] = []
  return { handed, hand: (id, socket) => void handed.push({ id, socket }) }
}

async function open(t: TestContext) {
  const clock = { now: 0 }
  const handOver = new HandOver({ failed: assert.fail }, () => clock.now)
  const port = await handOver.listen(0, '127.0.0.1')
  const clients: Socket[] = []
  t.after(async () => {
    clients.forEach((client) => client.destroy())
    await handOver.close()
  })
  const come = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const client = connect(port, '127.0.0.1').on('error', () => undefined)
      clients.push(client)
      await new Promise((resolve) => client.once('connect', resolve))
    }
    return clients.slice(-count)
  }
  return { handOver, clock, come, port }
}

const all = (takers: Fake[]) => takers.reduce((sum, { handed }) => sum + handed.length, 0)

test('a connection goes to whoever has the fewest', async (t) => {
  const { handOver, come } = await open(t)
  const [one, two] = [fake(), fake()]
  handOver.join(one)
  handOver.join(two)
  handOver.count(one, 3)
  await come(5)
  await eventually('all are handed', () => all([one, two]) === 5)
  assert.deepEqual([one.handed.length, two.handed.length], [1, 4])
  for (const { id } of two.handed) handOver.took(two, id)
  handOver.count(two, 0)
  await come(2)
  await eventually('these too', () => all([one, two]) === 7)
  assert.equal(two.handed.length, 6)
})

test('what a dead process had not taken goes to another, unread, and what it had is closed', async (t) => {
  const { handOver, come } = await open(t)
  const [dead, other] = [fake(), fake()]
  handOver.join(dead)
  const [taken, untaken] = await come(2)
  await eventually('both are handed', () => dead.handed.length === 2)
  untaken?.end('words')
  handOver.took(dead, dead.handed[0]?.id ?? 0)
  // It closes with the last copy, which the dead one had.
  await text(taken as Socket)
  handOver.join(other)
  handOver.drop(dead)
  assert.equal(other.handed.length, 1)
  assert.equal(await text((other.handed[0] as { socket: Socket }).socket.resume()), 'words')
})

test('whoever does not take what it is handed is handed no more while others do', async (t) => {
  const { handOver, come, clock } = await open(t)
  const [asleep, awake] = [fake(), fake()]
  handOver.join(asleep)
  await come(1)
  await eventually('it is handed', () => asleep.handed.length === 1)
  handOver.join(awake)
  handOver.count(awake, 100)
  clock.now += 60_000
  await come(2)
  await eventually('they are handed', () => all([asleep, awake]) === 3)
  assert.equal(awake.handed.length, 2)
})

test('with nobody there they wait for the first that comes up', async (t) => {
  const { handOver, come } = await open(t)
  await come(3)
  const one = fake()
  await eventually('they have come', async () => {
    handOver.join(one)
    return one.handed.length === 3
  })
})

test('the last of all to leave has taken whatever came before the port closed', async (t) => {
  const { handOver, come, port } = await open(t)
  const [one, two] = [fake(), fake()]
  handOver.join(one)
  handOver.join(two)
  handOver.end()
  await handOver.leave(one)
  await come(1)
  const left = handOver.leave(two)
  await eventually('it is handed', () => two.handed.length === 1)
  assert.equal(one.handed.length, 0)
  handOver.took(two, two.handed[0]?.id ?? 0)
  await left
  const refused = connect(port, '127.0.0.1')
  const code = await new Promise((resolve) =>
    refused.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
  )
  assert.equal(code, 'ECONNREFUSED')
})
