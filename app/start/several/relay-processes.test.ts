import assert from 'node:assert/strict'
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { eventually } from '../../../dev/command/eventually.ts'
import { createLog } from '../../telemetry/log.ts'
import { HandOver } from './hand-over.ts'
import { RelayProcesses } from './relay-processes.ts'

/** A stand-in for a relay: it says what it is told, and ends when it is told to. */
const program = `
const [, , number, sweeps] = process.argv
const id = number + '-' + process.pid
process.on('message', (words) => {
  console.log(JSON.stringify({ id, pid: process.pid, ...words }))
  if (words.say === 'sweep' && sweeps) process.send({ say: 'swept', relayId: words.relayId })
  if (words.say === 'replaced') process.exit(0)
})
process.on('SIGTERM', () => process.exit(0))
process.send({ say: 'ready', relayId: id })
`
const folder = mkdtempSync(join(tmpdir(), 'relays-'))
after(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'relay.mjs')
writeFileSync(file, program)

type Told = { id: string; pid: number; say: string; isIt?: boolean; relayId?: string }

function open(count: number, sweeps = 'sweeps') {
  const told: Told[] = []
  const logged: string[] = []
  const log = createLog('info', (line) => void logged.push(line))
  let forks = 0
  const forkRelay = (number: number) => {
    forks++
    const child = fork(file, [String(number), sweeps], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    child.stdout?.setEncoding('utf8').on('data', (lines: string) => {
      for (const line of lines.trim().split('\n')) told.push(JSON.parse(line) as Told)
    })
    return child
  }
  const relays = new RelayProcesses(count, forkRelay, new HandOver(log), log)
  const leaders = () => told.filter(({ say, isIt }) => say === 'lead' && isIt)
  return { relays, told, logged, leaders, forks: () => forks }
}

test('one of them does what only one has to do, and another when that one dies', async (t) => {
  const { relays, leaders, told } = open(3)
  t.after(() => relays.end())
  await relays.start()
  const [first] = await eventually('one leads', () => leaders().length > 0 && leaders())
  assert.ok(first)
  process.kill(first.pid, 'SIGKILL')
  const [, second] = await eventually('another leads', () => leaders().length > 1 && leaders())
  assert.notEqual(second?.id, first.id)
  // Whoever comes up in its place does not.
  await eventually('the holds of the dead are swept', () =>
    told.some(({ say, relayId }) => say === 'sweep' && relayId === first.id),
  )
  assert.equal(leaders().length, 2)
})

test('the holds of one that died are released by another, and where that dies too, by a third', async (t) => {
  const { relays, told, forks } = open(3, '')
  t.after(() => relays.end())
  await relays.start()
  const sweeps = (id: string) =>
    told.filter(({ say, relayId }) => say === 'sweep' && relayId === id)
  const first = await eventually('one leads', () => told.find(({ isIt }) => isIt))
  process.kill(first.pid, 'SIGKILL')
  const [second] = await eventually(
    'it is swept',
    () => sweeps(first.id).length === 1 && sweeps(first.id),
  )
  assert.ok(second && second.id !== first.id)
  process.kill(second.pid, 'SIGKILL')
  await eventually('it is swept again', () => sweeps(first.id).length === 2)
  assert.equal(new Set([first.id, ...sweeps(first.id).map(({ id }) => id)]).size, 3)
  await eventually('both have been started again', () => forks() === 5)
})

test('each is replaced by another, which leads before the old one goes', async (t) => {
  const { relays, told, logged, leaders } = open(2)
  t.after(() => relays.end())
  await relays.start()
  await relays.replace()
  await eventually(
    'both old ones have been told',
    () => told.filter(({ say }) => say === 'replaced').length === 2,
  )
  const replaced = told.filter(({ say }) => say === 'replaced').map(({ id }) => id)
  await eventually(
    'a new one leads',
    () => !replaced.includes(leaders().at(-1)?.id ?? replaced[0]!),
  )
  assert.ok(!logged.some((line) => line.includes('relay_ended')))
})

test('one that does not come up ends the start, and one that was to replace another leaves that be', async (t) => {
  let isBad = false
  const bad = join(folder, 'bad.mjs')
  writeFileSync(bad, 'process.exit(3)')
  const logged: string[] = []
  const log = createLog('info', (line) => void logged.push(line))
  const told: string[] = []
  const forkRelay = (number: number) => {
    const child = fork(isBad ? bad : file, [String(number), 'sweeps'], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    })
    child.stdout?.setEncoding('utf8').on('data', (lines: string) => void told.push(lines))
    return child
  }
  const relays = new RelayProcesses(2, forkRelay, new HandOver(log), log)
  t.after(() => relays.end())
  await relays.start()
  isBad = true
  await assert.rejects(relays.replace())
  assert.ok(!told.some((lines) => lines.includes('replaced')))
  assert.equal(logged.filter((line) => line.includes('relay_ended')).length, 1)
  const others = new RelayProcesses(2, forkRelay, new HandOver(log), log)
  await assert.rejects(others.start())
  await others.end()
})

test('one that is down is started again also after a reload that it did not come up in', async (t) => {
  let isBad = false
  const logged: string[] = []
  const log = createLog('info', (line) => void logged.push(line))
  const bad = join(folder, 'down.mjs')
  writeFileSync(bad, 'process.exit(3)')
  const pids: number[] = []
  const forkRelay = () => {
    const child = fork(isBad ? bad : file, ['1'], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    if (!isBad && child.pid) pids.push(child.pid)
    return child
  }
  const relays = new RelayProcesses(1, forkRelay, new HandOver(log), log)
  t.after(() => relays.end())
  await relays.start()
  isBad = true
  process.kill(pids[0]!, 'SIGKILL')
  const ends = () => logged.filter((line) => line.includes('relay_ended')).length
  await eventually('it has died, and not come up', () => ends() >= 2)
  await assert.rejects(relays.replace())
  isBad = false
  await eventually('it is up', () => pids.length === 2)
})
