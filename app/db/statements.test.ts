import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { engineOf, testDatabase } from '../../test/database.ts'
import { closedLists } from '../values/closed-lists.ts'
import { generateTypes } from './generate-types.ts'
import { migrate } from './migrate.ts'

test('every statement prepares against the live schema, and its types are the written ones', async () => {
  const database = await testDatabase()
  try {
    await migrate(database.url)
    const { isMariadb } = await engineOf(database.url)
    // MySQL takes columns beside some subqueries for such as may be null.
    const inBoth = (types: string) => (isMariadb ? types : types.replaceAll(' | null', ''))
    const fresh = inBoth(await generateTypes(database.url))
    const fits = fresh === inBoth(readFileSync('app/db/statements.gen.ts', 'utf8'))
    assert.ok(fits, 'run `npm run sql:types` and commit app/db/statements.gen.ts')
  } finally {
    await database.drop()
  }
})

test('what one statement takes from a closed list, no row and no write has as any text', () => {
  const typed = readFileSync('app/db/statements.gen.ts', 'utf8')
  const types = Object.keys(closedLists).join('|')
  const listed = new Set(
    [...typed.matchAll(new RegExp(`(\\w+): (?:${types})\\b`, 'g'))].map(([, field]) => field),
  )
  assert.ok(listed.has('outcome') && listed.has('kind'))
  const loose = typed.split(/^ {2}'/m).flatMap((block) => {
    // A question may name any text; there is then nothing to find.
    const isWrite = /returns: '(count|id)'/.test(block)
    const fields = isWrite ? block : block.replace(/^ {4}params: .*$/m, '')
    return [...fields.matchAll(/(\w+): string\b/g)]
      .filter(([, field]) => listed.has(field))
      .map(([, field]) => `${block.split("'")[0]} ${field}`)
  })
  assert.deepEqual(loose, [])
})
