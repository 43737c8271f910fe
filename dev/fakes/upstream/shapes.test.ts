import assert from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import ts from 'typescript'
import { startDemoUpstream, type DemoUpstream } from './demo-upstream.server.ts'

let upstream: DemoUpstream
before(async () => (upstream = await startDemoUpstream({ pace: 'fast' })))
after(() => upstream.close())

type Members = Record<string, unknown>

const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const tools = [
  { type: 'function', name: 'forecast', parameters, strict: false },
  { type: 'web_search' },
]
const hello = { model: 'gpt-5', input: 'hello [[reasoning]] [[search]] [[repeat:3]]', tools }

/** What is asked, and which type of the package its answer, or each event of it, has to be of. */
const openaiShapes: [path: string, body: Members, type: string, from: string][] = [
  ['responses', hello, 'Response', 'responses/responses'],
  ['responses', { ...hello, stream: true }, 'ResponseStreamEvent', 'responses/responses'],
  [
    'responses',
    { ...hello, input: '[[tool]]', stream: true },
    'ResponseStreamEvent',
    'responses/responses',
  ],
  [
    'responses',
    { model: 'gpt-5', input: 'hello [[failed]] [[repeat:3]]', stream: true },
    'ResponseStreamEvent',
    'responses/responses',
  ],
  [
    'responses',
    { model: 'gpt-5', input: 'hello [[incomplete]]' },
    'Response',
    'responses/responses',
  ],
  [
    'responses/compact',
    // What a user says comes back as it was, which the package's type leaves out.
    { model: 'gpt-5', input: [{ role: 'assistant', content: 'hello' }] },
    'CompactedResponse',
    'responses/responses',
  ],
  [
    'embeddings',
    { model: 'text-embedding-3-small', dimensions: 2, input: 'hello' },
    'CreateEmbeddingResponse',
    'embeddings',
  ],
  [
    'completions',
    { model: 'gpt-3.5-turbo-instruct', prompt: 'hello' },
    'Completion',
    'completions',
  ],
]

/** As the package hands it on; and OpenAI has null for usage where the type has nothing. */
const asHandedOn = (key: string, value: unknown) => {
  if (key === 'usage' && value === null) return undefined
  const isResponse = (value as Members | null)?.object === 'response'
  return isResponse ? { output_text: '', ...(value as Members) } : value
}

async function answerTo(path: string, body: Members): Promise<unknown[]> {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${upstream.apiKey}`,
    'anthropic-version': '2023-06-01',
  }
  const asked = { method: 'POST', headers, body: JSON.stringify(body) }
  const answer = await fetch(`${upstream.url}/${path}`, asked)
  const text = await answer.text()
  assert.equal(answer.status, 200, text)
  if (body.stream !== true) return [JSON.parse(text)]
  const data = text.split('\n').filter((line) => line.startsWith('data: '))
  return data.map((line) => JSON.parse(line.slice('data: '.length)) as unknown)
}

/** What the compiler says of this text, as if it were a file beside this one. */
function complaintsAbout(text: string): string[] {
  const file = fileURLToPath(new URL('./shapes-as-written.ts', import.meta.url))
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
  }
  const host = ts.createCompilerHost(options)
  const own = ts.createSourceFile(file, text, ts.ScriptTarget.ES2022)
  const read = host.getSourceFile.bind(host)
  host.getSourceFile = (name, ...more) => (name === file ? own : read(name, ...more))
  const program = ts.createProgram([file], options, host)
  const source = program.getSourceFile(file)
  const lines = text.split('\n')
  return [
    ...program.getSemanticDiagnostics(source),
    ...program.getSyntacticDiagnostics(source),
  ].map(({ messageText, start = 0 }) => {
    const { line } = own.getLineAndCharacterOfPosition(start)
    const said = ts.flattenDiagnosticMessageText(messageText, '\n')
    return `${said}\n${lines[line]?.slice(0, 300)}`
  })
}

// Members that a package does not know yet do no harm: only what it knows has to be as it says.
const opening = `type Plain<T> = T extends object ? { -readonly [K in keyof T]: Plain<T[K]> } : T
declare function said<const T>(value: T): Plain<T>`

test('what the demo upstream answers is of the types that the openai package has for it', async () => {
  const lines = [opening]
  for (const [path, body, type, from] of openaiShapes) {
    for (const one of await answerTo(path, body)) {
      const imported = `import('openai/resources/${from}').${type}`
      lines.push(
        `export const _${lines.length}: ${imported} = said(${JSON.stringify(one, asHandedOn)})`,
      )
    }
  }
  assert.deepEqual(complaintsAbout(lines.join('\n')), [])
})
