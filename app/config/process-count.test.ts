import assert from 'node:assert/strict'
import { test } from 'node:test'
import { coresUsable } from './process-count.ts'

const files = (content: Record<string, string>) => (file: string) => {
  const text = content[file]
  if (text === undefined) throw new Error('ENOENT')
  return text
}
const old = '/sys/fs/cgroup/cpu/cpu.cfs_'

test('cores are those of the machine, or of the part that a container may use', () => {
  assert.equal(coresUsable(8, files({})), 8)
  assert.equal(coresUsable(8, files({ '/sys/fs/cgroup/cpu.max': 'max 100000\n' })), 8)
  assert.equal(coresUsable(8, files({ '/sys/fs/cgroup/cpu.max': '150000 100000\n' })), 2)
  assert.equal(coresUsable(8, files({ '/sys/fs/cgroup/cpu.max': '30000 100000\n' })), 1)
  assert.equal(coresUsable(2, files({ '/sys/fs/cgroup/cpu.max': '900000 100000\n' })), 2)
  const version1 = { [`${old}quota_us`]: '400000\n', [`${old}period_us`]: '100000\n' }
  assert.equal(coresUsable(64, files(version1)), 4)
  assert.equal(coresUsable(64, files({ ...version1, [`${old}quota_us`]: '-1\n' })), 64)
  assert.ok(coresUsable() >= 1)
})
