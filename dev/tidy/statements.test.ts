import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, readCode, readSql } from './source-tree.ts'

const sql = readSql()
const statements = sql.filter(({ path }) => !path.startsWith('sql/migrations/'))

test('every statement file is used, and every name has its file', () => {
  const names = new Set(statements.map(({ path }) => path.slice('sql/'.length, -'.sql'.length)))
  const all = readCode()
    .filter((file) => !isTest(file))
    .map(({ text }) => text)
    .join('\n')
  const unused = [...names].filter((name) => !all.includes(`'${name}'`))
  assert.deepEqual(unused, [], 'a statement nobody runs')
  const used = [...all.matchAll(/(?:run\(\s*\w+(?:\.\w+)*,|statement\()\s*'([\w/-]+)'/g)]
  assert.ok(used.length > 20, 'the pattern above finds the calls')
  const missing = used.map(([, name = '']) => name).filter((name) => !names.has(name))
  assert.deepEqual(missing, [], 'a statement without a file')
})

test('sums are cast, because they arrive as text otherwise', () => {
  const bare = sql.filter(({ text }) => /(?<!cast\(-?)\bsum\(/i.test(text))
  assert.deepEqual(
    bare.map(({ path }) => path),
    [],
  )
})
