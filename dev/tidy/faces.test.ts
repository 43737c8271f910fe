import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, readCode, ships, sourceFile, type SourceFile } from './source-tree.ts'
import { importsOf } from './syntax.ts'

const code = readCode()

/** Folders of app/ that are rooms with a face: entered by `<room>.server.ts` alone. */
const withFace = new Set(
  code.flatMap(({ path }) => /^app\/([\w-]+)\/\1\.server\.ts$/.exec(path)?.[1] ?? []),
)

/** Imports of a file that enter a room by something else than its face. */
function throughTheWall(file: SourceFile): string[] {
  const own = file.path.split('/')[1]
  const into = importsOf(file).filter((target) => {
    const [top, room = '', name = ''] = target.split('/')
    return top === 'app' && withFace.has(room) && room !== own && name !== `${room}.server.ts`
  })
  return into.map((target) => `${file.path} imports ${target}`)
}

test('a room is entered by its face, and not through the wall', () => {
  assert.ok(withFace.size > 10, 'the pattern above finds the faces')
  assert.deepEqual(code.filter(ships).flatMap(throughTheWall), [])
})

test('an import through the wall is seen', () => {
  const planted = sourceFile(
    'app/usage/list.ts',
    "import { read } from './read.ts'\nimport type { Op } from '../ledger/ops.ts'",
  )
  assert.deepEqual(throughTheWall(planted), ['app/usage/list.ts imports app/ledger/ops.ts'])
})

test('nothing that ships imports dev, test, e2e or bench', () => {
  const offenders = code.filter(
    (file) => ships(file) && importsOf(file).some((it) => /^(dev|test|e2e|bench)\//.test(it)),
  )
  assert.deepEqual(
    offenders.map(({ path }) => path),
    [],
  )
})

test('tests are told from what ships by their names', () => {
  const names = ['app/keys/keys.test.ts', 'e2e/keys.spec.ts', 'app/keys/keys.ts', 'server.ts']
  const files = names.map((name) => sourceFile(name, ''))
  assert.deepEqual(files.filter(isTest), files.slice(0, 2))
  assert.deepEqual(files.filter(ships), files.slice(2))
})
