import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { isTest, readTree, sourceFile } from '../tidy/source-tree.ts'
import { catalogueFiles, idOf, readEntries, translated } from './catalogue.ts'
import { catalogueOf, wantedFiles } from './extract.ts'
import { faultsOf } from './faults.ts'
import { expandMacros, hasMacros } from './macros.ts'
import { notMoved } from './not-moved.ts'
import { rawTexts } from './raw-texts.ts'

/** What has strings like texts that are none, or that nobody reads on a page. */
const withoutTexts = new Set([
  // Lines of programs, which are typed as they are.
  'app/ui/snippets.ts',
  // Answers in plain text, to who sends what no page of ours does.
  'app/pages/guard.ts',
  // And to who asks for a file and gets none.
  'app/pages/usage-file.ts',
  // Files for programs.
  'app/pages/site/site-files.ts',
  // Headers of HTTP.
  'app/entry.server.tsx',
])

const ofPages =
  /^app\/(root\.tsx|entry\.|routes\/(?!v1\.|dashboard_\.billing|.*\[\.\])|ui\/|pages\/)/
const sources = readTree('app', ['.ts', '.tsx']).filter((file) => !isTest(file))
const pages = sources.filter(({ path }) => ofPages.test(path) && !withoutTexts.has(path))
const isIn = (path: string, place: string) => path === place || path.startsWith(place)
const waits = (path: string) => notMoved.some((place) => isIn(path, place))

test('no page has a text that is not in every language', () => {
  const raw = pages.filter(({ path }) => !waits(path)).flatMap(rawTexts)
  assert.deepEqual(raw, [], 'a text goes into <Trans>, t`…` or msg`…` (CONTRIBUTING.md, Languages)')
})

test('the list of what is not in every language yet has nothing that is', () => {
  const done = notMoved.filter(
    (place) => !pages.some((file) => isIn(file.path, place) && rawTexts(file).length > 0),
  )
  assert.deepEqual(done, [], 'take it off dev/languages/not-moved.ts')
})

for (const language of translated) {
  test(`the catalogue of ${language} has the texts of the sources, and no others`, async () => {
    const wanted = await wantedFiles(language)
    const found = new Map(catalogueFiles(language).map((it) => [it, readFileSync(it, 'utf8')]))
    const differ = [...new Set([...wanted.keys(), ...found.keys()])].filter(
      (path) => wanted.get(path) !== found.get(path),
    )
    assert.deepEqual(differ, [], 'npm run texts brings them together')
  })

  test(`every text has its translation into ${language}, with the same placeholders`, () => {
    assert.deepEqual(readEntries(language).flatMap(faultsOf), [])
  })

  test(`a text has one translation into ${language}, wherever it stands`, () => {
    const said = new Map<string, Set<string>>()
    for (const it of readEntries(language)) {
      said.set(idOf(it), (said.get(idOf(it)) ?? new Set()).add(it.translation))
    }
    const several = [...said.values()].filter(({ size }) => size > 1).map((all) => [...all])
    assert.deepEqual(several, [], 'where it means two things, one of them has a context')
  })
}

test('a text is never said in a language that all requests would share', () => {
  const shared = sources.filter(({ text }) =>
    /import \{[^}]*\b(t|i18n)\b[^}]*\} from '@lingui\/core(\/macro)?'/.test(text),
  )
  assert.deepEqual(
    shared.map(({ path }) => path),
    [],
  )
})

test('a raw text is seen, wherever it stands', () => {
  const seen = (text: string) => rawTexts(sourceFile('app/ui/a.tsx', text)).length > 0
  const raw = [
    '<p>Sign in</p>',
    '<p>{a} of</p>',
    "<p>{isOne ? 'one' : 'two'}</p>",
    '<input placeholder="A name" />',
    '<Card title="Usage" />',
    '<img alt={`The ${name}`} />',
    "const words = { open: 'Is open' }",
    "throw data({ message: 'There is no such key.' })",
    'const note = `${count} calls of this day`',
  ]
  for (const text of raw) assert.ok(seen(text), text)
  const others = [
    '<p><Trans>Sign in</Trans></p>',
    '<p><Trans>Go to <Link to="/usage">Usage</Link>.</Trans></p>',
    '<p>{n} · {m}</p>',
    '<p>OpenAI</p>',
    '<code>npm run relay</code>',
    '<Card title={t`Usage`} className="grid gap-4 Text" />',
    'const words = { open: msg`Is open` }',
    "const word = t({ message: 'Open', context: 'verb' })",
    "throw new Error('There is no such key.')",
    "const look = 'grid min-h-9 items-center'",
    "if (state === 'not there') go('next-page')",
    "import { one } from './a b.ts'",
  ]
  for (const text of others) assert.ok(!seen(text), text)
})

test('a translation that lacks what its text has is seen', () => {
  const faults = (text: string, translation: string) =>
    faultsOf({ text, translation, places: ['a.tsx'], notes: [] }).length
  assert.equal(
    faults('{n, plural, one {# call} other {# calls}} of {name}', '{name} 的 {n} 次调用'),
    0,
  )
  assert.equal(faults('Go to <0>{name}</0>', '前往 <0>{name}</0>'), 0)
  const wrong = [
    ['Sign in', ''],
    ['Hello {name}', '你好'],
    ['Hello', '你好 {name}'],
    ['Go to <0>{name}</0>', '前往 {name}'],
    ['Go to <0>it</0>', '前往 <0>它'],
    ['A call of {n}', '调用 {n'],
    ['Wait.', '请稍等.'],
  ] as const
  for (const [text, translation] of wrong) assert.ok(faults(text, translation) > 0, translation)
})

test('a build has the id of a text alone, and its other lines stay where they were', async () => {
  const code = [
    "import { Trans } from '@lingui/react/macro'",
    "import { inEnglish, msg } from '../values/language/msg.ts'",
    'type One = { of: string }',
    'export const later = msg`Said later`',
    'export const Shown = ({ of }: One) => <p><Trans>Shown of {of}</Trans></p>',
    'export const now = () => inEnglish(later)',
  ].join('\n')
  assert.ok(hasMacros(code))
  const { code: made } = await expandMacros(code, 'app/ui/a.tsx', { isStripped: true })
  assert.doesNotMatch(made, /Said later|Shown of|macro/)
  assert.equal(
    made.split('\n').findIndex((line) => line.includes('const later')),
    3,
  )
  assert.match(made, /values\/language\/msg\.ts/)
})

test('the texts of a page are in the catalogue of its subject', () => {
  assert.equal(catalogueOf('app/routes/billing_.orders_.$id/route.tsx'), 'billing')
  assert.equal(catalogueOf('app/routes/_index/route.tsx'), 'home')
  assert.equal(catalogueOf('app/root.tsx'), 'frame')
  assert.equal(catalogueOf('app/ui/account/keys-table.tsx'), 'ui-account')
  assert.equal(catalogueOf('app/auth/failures.ts'), 'auth')
})
