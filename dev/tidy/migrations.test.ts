import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { test } from 'node:test'

test('migrations are numbered one after the other: two that were made beside each other are seen', () => {
  const names = readdirSync('sql/migrations').sort()
  const numbers = names.map((name) => Number(/^(\d{4})_[a-z_]+\.sql$/.exec(name)?.[1]))
  const wrong = names.find((_, index) => numbers[index] !== index + 1)
  assert.equal(wrong, undefined, `sql/migrations/${wrong} has the number of another, or none`)
})
