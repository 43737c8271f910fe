import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { readMigrations } from '../../app/db/migration-files.ts'

test('migrations are numbered one after the other: two that were made beside each other are seen', () => {
  const names = readdirSync('sql/migrations').sort()
  const numbers = names.map((name) => Number(/^(\d{4})_[a-z_]+\.sql$/.exec(name)?.[1]))
  const wrong = names.find((_, index) => numbers[index] !== index + 1)
  assert.equal(wrong, undefined, `sql/migrations/${wrong} has the number of another, or none`)
})

test('every migration says first whether old relays may run beside it', () => {
  const silent = readMigrations().filter(
    ({ text }) => !/^-- old relays: (?:may run|must be stopped; .{10,70})\n/.test(text),
  )
  assert.deepEqual(
    silent.map(({ name }) => name),
    [],
  )
})

test('the changelog names those that old relays must be stopped for', () => {
  const changelog = readFileSync('CHANGELOG.md', 'utf8')
  const stopping = readMigrations().filter(({ stopsOldRelays }) => stopsOldRelays)
  assert.ok(stopping.length > 0)
  const unnamed = stopping.filter(({ name }) => !changelog.includes(name.slice(0, 4)))
  assert.deepEqual(
    unnamed.map(({ name }) => name),
    [],
  )
})
