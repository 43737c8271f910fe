import assert from 'node:assert/strict'
import { test } from 'node:test'
import { importsOf, readTree, type SourceFile } from './source-tree.ts'

const isTest = ({ path }: SourceFile) => /\.(test|spec)\.tsx?$/.test(path)
const isGenerated = ({ path }: SourceFile) => path.endsWith('.gen.ts')
const folders = ['app', 'dev', 'test', 'e2e']
const code = folders.flatMap((folder) => readTree(folder, ['.ts', '.tsx', '.mjs']))
const written = code.filter((file) => !isGenerated(file))
const shipped = written.filter((f) => !isTest(f) && f.path.startsWith('app/'))
const sql = readTree('sql', ['.sql'])
const statements = sql.filter(({ path }) => !path.startsWith('sql/migrations/'))

const none = (offenders: string[], rule: string) => assert.deepEqual(offenders, [], rule)
const quantile = (sorted: number[], q: number) => sorted[Math.floor((sorted.length - 1) * q)]!

test('files are small: median 60 lines, 95 of 100 within 250, none over 400', () => {
  const lengths = shipped.map(({ lines }) => lines.length).sort((a, b) => a - b)
  assert.ok(quantile(lengths, 0.5) <= 60, `median ${quantile(lengths, 0.5)}`)
  assert.ok(quantile(lengths, 0.95) <= 250, `95 of 100 within ${quantile(lengths, 0.95)}`)
  const long = [...written, ...sql].filter(({ lines }) => lines.length > 400)
  none(
    long.map(({ path }) => path),
    'over 400 lines',
  )
})

test('lines end within 100 columns', () => {
  const wide = written.flatMap(({ path, lines }) =>
    lines.flatMap((line, i) =>
      line.length > 100 && !isTestData(line) ? [`${path}:${i + 1}`] : [],
    ),
  )
  none(wide, 'wider than 100 columns')
})
// The formatter leaves a string or a pattern that has no place to break.
const isTestData = (line: string) => /^\s*\S+$|['"`/]/.test(line)

test('the environment is read in one place', () => {
  const allowed = new Set(['app/config/env.ts', 'dev/command/environment.ts', 'dev/bootstrap.mjs'])
  const offenders = written.filter(
    (f) => !isTest(f) && !allowed.has(f.path) && !f.path.startsWith('e2e/'),
  )
  none(
    offenders.filter((f) => /process\.env\b/.test(f.text)).map((f) => f.path),
    'process.env',
  )
})

/** Folders of app/ that are rooms: entered by `<room>.server.ts` alone. */
const rooms = new Set(
  code.flatMap(({ path }) => /^app\/(\w+)\/\1\.server\.ts$/.exec(path)?.[1] ?? []),
)

test('a room is entered by its face, and not through the wall', () => {
  const offenders = shipped.flatMap((file) => {
    const own = file.path.split('/')[1]!
    return importsOf(file)
      .filter((target) => {
        const [, room = '', name = ''] = target.split('/')
        return rooms.has(room) && room !== own && name !== `${room}.server.ts`
      })
      .map((target) => `${file.path} imports ${target}`)
  })
  none(offenders, 'a room entered through the wall')
})

test('nothing that ships imports dev or test', () => {
  const offenders = shipped.filter((file) => importsOf(file).some((it) => /^(dev|test)\//.test(it)))
  none(
    offenders.map(({ path }) => path),
    'imports dev or test',
  )
})

test('every statement file is used, and every name has its file', () => {
  const names = new Set(statements.map(({ path }) => path.slice('sql/'.length, -'.sql'.length)))
  const all = written
    .filter((f) => !isTest(f))
    .map(({ text }) => text)
    .join('\n')
  none(
    [...names].filter((name) => !all.includes(`'${name}'`)),
    'a statement nobody runs',
  )
  const used = [...all.matchAll(/(?:run\(\s*\w+(?:\.\w+)*,|statement\()\s*'([\w/-]+)'/g)].map(
    (m) => m[1]!,
  )
  assert.ok(used.length > 20, 'the pattern above finds the calls')
  none(
    used.filter((name) => !names.has(name)),
    'a statement without a file',
  )
})

test('sums are cast, because they arrive as text otherwise', () => {
  const bare = sql.filter(({ text }) => /(?<!cast\(-?)\bsum\(/i.test(text))
  none(
    bare.map(({ path }) => path),
    'a bare sum(',
  )
})

test('no file is named for what it might hold', () => {
  const vague = /(^|[/.-])(utils?|helpers?|misc|manager|common)([/.-]|$)/i
  none(
    [...code, ...sql].map(({ path }) => path).filter((path) => vague.test(path)),
    'a vague name',
  )
})

test('nothing is left for later', () => {
  const marks = new RegExp(
    [
      'TO' + 'DO',
      'FIX' + 'ME',
      'X' + 'XX',
      '\\.on' + 'ly\\(',
      '\\.sk' + 'ip\\(',
      '@ts-' + 'ignore',
    ].join('|'),
  )
  const marked = [...written, ...sql].flatMap(({ path, lines }) =>
    lines.flatMap((line, i) => (marks.test(line) ? [`${path}:${i + 1}`] : [])),
  )
  none(marked, 'a mark that something is unfinished')
})
