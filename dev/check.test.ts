import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'

test('a check that there is none of is refused by name, and no gate said to be open', () => {
  const args = ['--import', 'tsx', 'dev/check.ts', 'tidy', 'upgrade']
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(stdout, '')
  assert.match(
    stderr,
    /^There is no check of the name upgrade; there are format, .*upgrades.*\.\n$/,
  )
  assert.equal(status, 2)
})
