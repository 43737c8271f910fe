import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import ts from 'typescript'
import { readCode, ships, sourceFile, type SourceFile } from './source-tree.ts'
import { nodesOf, placeOf, syntaxOf } from './syntax.ts'

/** Who writes by a language of its own choice, and why. */
const languages: Record<string, string> = {
  'app/ui/format/numbers.tsx': 'here it is chosen, for all pages',
  'app/ui/format/spans.ts': 'here too, for days and months',
  'app/errors/english.ts': 'errors of the API are in English, whoever asks',
  'app/values/zones/zones.ts': 'reads clocks and lists zones; nobody sees in which language',
  'app/ui/zone/browser-zone.ts': 'asks a browser for its zone',
}

/** Who writes moments without saying by whose clocks, and why. */
const moments: Record<string, string> = {
  'app/values/days.ts': 'days of UTC, as text to reckon with',
  'app/usage/chart/spans.ts': 'what clocks show in an hour of a zone that the page names',
  'app/ledger/past/past.ts': 'what a statement takes for a moment',
  'app/ui/time.tsx': 'writes them by the reader’s clocks, and says which these are',
}

/** A language named outright, or the one of the machine that happens to run it. */
const choosesLanguage = (node: ts.Node) =>
  (ts.isStringLiteralLike(node) && /^en-[A-Z]{2}$/.test(node.text)) ||
  (ts.isPropertyAccessExpression(node) &&
    (node.name.text.startsWith('toLocale') ||
      (node.expression.getText() === 'Intl' && /^[A-Z]/.test(node.name.text))))

/** `toISOString()` says UTC by its last letter: where that is cut off, it has to be said again. */
function cutsItsZone(node: ts.Node): boolean {
  if (!ts.isPropertyAccessExpression(node)) return false
  if (!/\.toISOString\(\)$/.test(node.expression.getText())) return false
  if (!['slice', 'substring', 'substr', 'split'].includes(node.name.text)) return false
  const { parent: call } = node
  const span = call.parent
  return !(ts.isTemplateSpan(span) && /^(?:Z| UTC)/.test(span.literal.text))
}

const ofTheMachine = /^get(?:FullYear|Month|Date|Day|Hours|Minutes)$/
const unsaid = /^to(?:Date|Time|UTC|GMT)String$/
const isPage = ({ path }: SourceFile) => /^app\/(?:ui|routes)\/.*\.tsx$|^app\/root/.test(path)

/** A moment by the machine's clocks; or on a page by any other than those of `Time`. */
const hidesItsZone = (file: SourceFile) => (node: ts.Node) =>
  cutsItsZone(node) ||
  (ts.isPropertyAccessExpression(node) &&
    (ofTheMachine.test(node.name.text) ||
      unsaid.test(node.name.text) ||
      (isPage(file) && node.name.text === 'toISOString'))) ||
  (isPage(file) &&
    (ts.isJsxOpeningElement(node) || ts.isJsxSelfClosingElement(node)) &&
    node.tagName.getText() === 'time')

const offend = (file: SourceFile, rule: (node: ts.Node) => boolean) =>
  nodesOf(syntaxOf(file)).filter(rule).map(placeOf)

const rules = {
  'no page and no error chooses a language but in one place': {
    of: () => choosesLanguage,
    allowed: languages,
  },
  'no moment is written without its zone': { of: hidesItsZone, allowed: moments },
}

for (const [promise, { of, allowed }] of Object.entries(rules))
  test(promise, () => {
    const files = readCode().filter(ships)
    const found = files.flatMap((file) =>
      offend(file, of(file)).map((place) => ({ place, path: file.path })),
    )
    const offenders = found.filter(({ path }) => !(path in allowed))
    assert.deepEqual(
      offenders.map(({ place }) => place),
      [],
    )
    const stale = Object.keys(allowed).filter((it) => !found.some(({ path }) => path === it))
    assert.deepEqual(stale, [], 'an exception that is none any more')
  })

describe('what would be read wrongly is found', () => {
  const finds = (text: string, rule: keyof typeof rules) => {
    const file = sourceFile('app/routes/it.tsx', text)
    return offend(file, rules[rule].of(file)).length
  }
  const planted = {
    'no page and no error chooses a language but in one place': [
      "const language = 'en-US'",
      'count.toLocaleString()',
      'at.toLocaleDateString(language)',
      'new Intl.NumberFormat(language)',
    ],
    'no moment is written without its zone': [
      'at.toISOString()',
      'at.toUTCString()',
      'at.getHours()',
      'const it = <time>{day}</time>',
    ],
  } as const
  for (const [rule, texts] of Object.entries(planted))
    for (const text of texts)
      test(text, () => assert.ok(finds(text, rule as keyof typeof rules) > 0))

  const cut = (text: string) => offend(sourceFile('app/api/it.ts', text), cutsItsZone).length
  test('and a zone that is cut off, unless it is said again', () => {
    assert.equal(cut('at.toISOString().slice(0, 10)'), 1)
    assert.equal(cut('`${at.toISOString().slice(0, 10)} of the day`'), 1)
    assert.equal(cut('`${at.toISOString().slice(0, 19)}Z`'), 0)
    assert.equal(cut('`${at.toISOString().slice(0, 16)} UTC`'), 0)
    assert.equal(cut('at.toISOString()'), 0)
  })
})
