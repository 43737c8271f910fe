import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, test } from 'node:test'

import { hashInputs } from './build.ts'

const root = mkdtempSync(join(tmpdir(), 'build-'))
after(() => rmSync(root, { recursive: true }))

function write(path: string, content: string): string {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), content)
  return hashInputs(root)
}

test('a build is stale when something that goes into it changed, and only then', () => {
  const before = write('app/money.ts', 'one')
  assert.equal(write('app/money.test.ts', 'test'), before)
  assert.equal(write('dev/servers.ts', 'servers'), before)
  assert.equal(write('docs/notes.md', 'notes'), before)
  const hashes = [
    before,
    write('app/money.ts', 'two'),
    write('sql/read.sql', 'SELECT 1'),
    write('server.ts', 'serve'),
    write('dev/bundle/programs.ts', 'bundle'),
    write('package-lock.json', '{}'),
  ]
  renameSync(join(root, 'app/money.ts'), join(root, 'app/coins.ts'))
  hashes.push(hashInputs(root))
  assert.equal(new Set(hashes).size, hashes.length)
})
