import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { makePagesFolder, sweepPagesFolders } from './pages-folder.ts'

const parent = mkdtempSync(join(tmpdir(), 'swept '))
after(() => rmSync(parent, { recursive: true }))

/** A folder of that name, with a socket on which its owner listened when it was killed. */
async function left(name: string) {
  const folder = join(parent, name)
  mkdirSync(folder)
  const program = `require('net').createServer().listen(${JSON.stringify(join(folder, '1'))}, () => console.log('up'))`
  const owner = spawn(process.execPath, ['--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(owner.stdout, 'data')
  owner.kill('SIGKILL')
  await once(owner, 'exit')
  assert.ok(existsSync(join(folder, '1')))
  return { folder, pid: owner.pid }
}

test('what killed relays left goes, of any version, and of this very number', async () => {
  const old = await left('relay-pages-abcdef')
  const gone = await left(`relay-pages-${old.pid}-abcdef`)
  const same = await left(`relay-pages-${process.pid}-abcdef`)
  assert.equal(await sweepPagesFolders(parent), 3)
  for (const { folder } of [old, gone, same]) assert.ok(!existsSync(folder), folder)
})

test('what may be in use stays, and what is not ours to take', async () => {
  const own = makePagesFolder(parent)
  const server = createServer().listen(join(own, '1'))
  await once(server, 'listening')
  // Its process lives, and has just nobody listening.
  const restarting = (await left(`relay-pages-${process.ppid}-abcdef`)).folder
  const starting = join(parent, 'relay-pages-999999999-abcdef')
  const others = ['relay-pages-of-mine', 'relay-pages-', 'another'].map((name) =>
    join(parent, name),
  )
  for (const folder of [starting, ...others]) mkdirSync(folder)
  writeFileSync(join(parent, 'relay-pages-999999998-abcdef'), 'a file')
  assert.equal(await sweepPagesFolders(parent), 0)
  for (const folder of [own, restarting, starting, ...others]) assert.ok(existsSync(folder), folder)
  const longAgo = new Date(Date.now() - 3_600_000)
  utimesSync(starting, longAgo, longAgo)
  assert.equal(await sweepPagesFolders(parent), 1)
  assert.ok(!existsSync(starting))
  server.close()
})
