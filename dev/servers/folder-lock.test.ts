import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'

import { inTime } from '../../test/in-time.ts'
import { lockHolder, lockOrRefuse, tryLock, waitForLock } from './folder-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'folder-lock-'))
after(() => rmSync(folder, { recursive: true }))

const source = fileURLToPath(new URL('./folder-lock.ts', import.meta.url))

/** A process that tries the lock, says whether it got it, and then stays until it is ended. */
async function contender(file: string) {
  const program = `
    const { tryLock } = await import(${JSON.stringify(source)})
    const lock = tryLock(${JSON.stringify(file)}, 'a contender')
    process.stdout.write(lock === undefined ? 'lost' : 'won')
    setInterval(() => lock, 60_000)`
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  )
  const [word] = (await inTime('the word of a contender', once(child.stdout, 'data'))) as [Buffer]
  return { child, word: word.toString() }
}

test('of many that start at once exactly one gets the lock, and its death frees it', async () => {
  const file = join(folder, 'race')
  const contenders = await Promise.all(Array.from({ length: 6 }, () => contender(file)))
  const winners = contenders.filter(({ word }) => word === 'won')
  assert.equal(winners.length, 1)
  const pid = winners[0]?.child.pid
  assert.deepEqual(lockHolder(file), { pid, purpose: 'a contender' })
  assert.throws(() => lockOrRefuse(file, 'npm start'), {
    name: 'CannotContinue',
    message: `${folder} is in use by a contender, process ${pid}. Stop that first.`,
  })
  for (const { child } of contenders) {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  lockOrRefuse(file, 'npm start').release()
})

test('a lock file left behind by a crash holds nobody up', () => {
  const file = join(folder, 'stale')
  writeFileSync(file, JSON.stringify({ pid: process.pid, purpose: 'npm start' }))
  tryLock(file, 'npm start')?.release()
  assert.equal(lockHolder(file), undefined)
})

test('whoever waits gets the lock when it is released', async () => {
  const file = join(folder, 'waiting')
  const first = tryLock(file, 'the first')
  assert.equal(tryLock(file, 'the second'), undefined)
  const second = waitForLock(file, 'the second', 60_000)
  first?.release()
  const lock = await second
  assert.equal(lockHolder(file)?.purpose, 'the second')
  lock.release()
})
