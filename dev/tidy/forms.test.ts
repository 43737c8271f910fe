import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isTest, readTree, sourceFile, type SourceFile } from './source-tree.ts'

/**
 * Forms of nobody's account: who one is, whether one is anybody, in which account one
 * goes on, how light pages are and in which language.
 */
const ofNoAccount = new Set([
  'app/root.tsx',
  'app/routes/login/route.tsx',
  'app/routes/notices.stop/route.tsx',
  'app/routes/settings/language.tsx',
  'app/ui/account-switch.tsx',
  'app/ui/brand/page-footer.tsx',
  'app/ui/forms/other-account.tsx',
])
const itself = 'app/ui/forms/post-form.tsx'

/** What sends something without the account that it is shown for. */
const plain = /method=["'{][^>]*?\bpost\b|\buseFetcher\b/i
/** A form that only asks may be sent by a script as well, as its own method says. */
const asks = /<Form\b[^>]*method="get"/

const sendsPlainly = ({ path, text }: SourceFile) =>
  path !== itself &&
  !ofNoAccount.has(path) &&
  (plain.test(text) || (text.includes('useSubmit') && !asks.test(text)))

test('what changes something of an account carries the account that it is shown for', () => {
  const pages = readTree('app', ['.tsx']).filter((file) => !isTest(file))
  assert.ok(pages.length > 50, 'the pages are where they were')
  const found = pages.filter(sendsPlainly).map(({ path }) => path)
  assert.deepEqual(found, [], `these are to be a PostForm (${itself})`)
})

test('a form that does not is seen, however it is written', () => {
  const planted = [
    '<Form method="post">',
    "<form action={to} method='POST'>",
    '<Form\n  method={"post"}\n>',
    'const fetcher = useFetcher()',
    'const submit = useSubmit()',
  ]
  for (const text of planted) assert.ok(sendsPlainly(sourceFile('app/routes/x.tsx', text)), text)
  for (const text of ['<Form method="get">', 'useSubmit(); <Form ref={it} method="get">'])
    assert.ok(!sendsPlainly(sourceFile('app/routes/x.tsx', text)), text)
})
