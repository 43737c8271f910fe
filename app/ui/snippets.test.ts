import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { childEnvironment } from '../../dev/command/environment.ts'
import { present } from '../../test/present.ts'
import { startStage, type Stage } from '../../test/stage.ts'
import { clientsOf } from '../pages/pages.server.ts'
import { inEnglish } from '../values/language/msg.ts'
import { keySnippet, snippetsFor, type Clients } from './snippets.ts'

const run = promisify(execFile)

let stage: Stage
let folder: string
let clients: Clients
before(async () => {
  stage = await startStage()
  folder = mkdtempSync(join(tmpdir(), 'snippets-'))
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
  const { env, catalog } = stage.relay.services
  const APP_URL = new URL(stage.relay.url).origin
  clients = clientsOf({ env: { ...env, APP_URL }, catalog })
})
after(async () => {
  rmSync(folder, { recursive: true })
  await stage.stop()
})

const textOf = (name: string) => present(snippetsFor(clients).find((it) => it.name === name)).text

const withKey = () => childEnvironment({ RELAY_KEY: stage.customer.secret })

/** What a shell says to these lines, as whoever has exported their key. */
const inShell = async (lines: string) =>
  (await run('bash', ['-euc', lines], { env: withKey() })).stdout

/** What Node says to a program. */
async function inNode(name: string) {
  const file = join(folder, `${name}.mjs`)
  writeFileSync(file, textOf(name))
  return (await run(process.execPath, [file], { env: withKey() })).stdout
}

const headersOf = (key: string) => ({
  authorization: `Bearer ${key}`,
  'content-type': 'application/json',
})

/** Asks for a chat completion as a program that is set up with these. */
async function ask(baseUrl: string, key: string, model: string) {
  const headers = headersOf(key)
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] })
  const answer = await fetch(`${baseUrl}/chat/completions`, { method: 'POST', headers, body })
  assert.equal(answer.status, 200, await answer.clone().text())
  const { choices } = (await answer.json()) as { choices: { message: { content: string } }[] }
  assert.ok(choices[0]?.message.content)
}

/** The models that such a program finds. */
async function modelsAt(baseUrl: string, key: string) {
  const answer = await fetch(`${baseUrl}/models`, { headers: { authorization: `Bearer ${key}` } })
  const { data } = (await answer.json()) as { data: { id: string }[] }
  return data.map(({ id }) => id)
}

/** What stands behind a word, in a line of its own. */
const valueOf = (text: string, word: string) =>
  present(present(new RegExp(`${word}\\s*=?\\s*"?([^"\\n]+)"?$`, 'm').exec(text))[1])

/** Runs a snippet, and answers the calls that it has been charged for. */
async function callsOf(work: () => Promise<unknown>) {
  const earlier = (await stage.callsOf(stage.customer)).length
  await work()
  return (await stage.callsOf(stage.customer)).slice(earlier)
}
const expectCharged = async (model: string | null, work: () => Promise<unknown>) => {
  const calls = await callsOf(work)
  assert.deepEqual(
    calls.map((call) => [call.model, call.outcome, call.cost > 0]),
    [[model, 'completed', true]],
  )
}

describe('a snippet works as it stands:', () => {
  test('the key', async () => {
    const said = await run('bash', ['-euc', `${keySnippet('sk-…')}; echo "$RELAY_KEY"`])
    assert.equal(said.stdout, 'sk-…\n')
  })

  test('curl', () =>
    expectCharged(clients.models.chat, async () => {
      const said = await inShell(`${textOf('curl')} --silent`)
      assert.ok(said.trimEnd().endsWith('data: [DONE]'))
    }))

  for (const name of ['node', 'ai-sdk'])
    test(name, () =>
      expectCharged(clients.models.chat, async () => assert.match(await inNode(name), /\w/)),
    )

  test('Continue', () =>
    expectCharged(clients.models.chat, async () => {
      const { models } = parse(textOf('continue')) as {
        models: { provider: string; model: string; apiBase: string; apiKey: string }[]
      }
      const { provider, model, apiBase, apiKey } = present(models[0])
      assert.deepEqual([provider, apiKey], ['openai', '${{ secrets.RELAY_KEY }}'])
      await ask(apiBase, stage.customer.secret, model)
    }))

  test('LibreChat', () =>
    expectCharged(clients.models.chat, async () => {
      const { endpoints } = parse(textOf('librechat')) as {
        endpoints: {
          custom: { apiKey: string; baseURL: string; models: { default: string[] } }[]
        }
      }
      const { apiKey, baseURL, models } = present(endpoints.custom[0])
      assert.equal(apiKey, '${RELAY_KEY}')
      await ask(baseURL, stage.customer.secret, present(models.default[0]))
      assert.ok(
        (await modelsAt(baseURL, stage.customer.secret)).includes(present(models.default[0])),
      )
    }))

  test('Open WebUI', () =>
    expectCharged(clients.models.chat, async () => {
      const said = await inShell(`docker() { printf '%s\\n' "$@"; }\n${textOf('open-webui')}`)
      const [url, key] = [valueOf(said, 'OPENAI_API_BASE_URL'), valueOf(said, 'OPENAI_API_KEY')]
      await ask(url, key, present((await modelsAt(url, key)).find((id) => id === 'gpt-4o-mini')))
    }))

  test('Codex', () =>
    expectCharged(clients.models.responses, async () => {
      const text = textOf('codex')
      assert.equal(valueOf(text, 'model_provider'), 'relay')
      assert.equal(valueOf(text, 'wire_api'), 'responses')
      assert.equal(valueOf(text, 'env_key'), 'RELAY_KEY')
      const answer = await fetch(`${valueOf(text, 'base_url')}/responses`, {
        method: 'POST',
        headers: headersOf(stage.customer.secret),
        body: JSON.stringify({ model: valueOf(text, '^model'), input: 'Hello', store: false }),
      })
      assert.equal(answer.status, 200, await answer.clone().text())
    }))

  test('Claude Code', async () => {
    // What it does with its environment, for both of its models.
    const asked = (model: string) =>
      `curl -sf "$ANTHROPIC_BASE_URL/v1/messages?beta=true" -H 'anthropic-version: 2023-06-01' \
        -H "Authorization: Bearer $ANTHROPIC_AUTH_TOKEN" -H 'content-type: application/json' \
        -d '{"model": "'"${model}"'", "max_tokens": 9,
             "messages": [{"role": "user", "content": "Hello"}]}'`
    const { messages, messagesSmall } = clients.models
    for (const [variable, model] of [
      ['$ANTHROPIC_MODEL', messages],
      ['$ANTHROPIC_DEFAULT_HAIKU_MODEL', messagesSmall],
    ] as const)
      await expectCharged(model, async () => {
        const said = await inShell(`claude() { ${asked(variable)}; }\n${textOf('claude-code')}`)
        assert.equal((JSON.parse(said) as { type: string }).type, 'message')
      })
  })

  for (const [name, url, model] of [
    ['cursor', 'Override OpenAI Base URL', 'Add custom model'],
    ['cline', 'Base URL', 'Model ID'],
  ] as const)
    test(name, () =>
      expectCharged(clients.models.chat, () => {
        const text = textOf(name)
        return ask(valueOf(text, url), stage.customer.secret, valueOf(text, model))
      }),
    )
})

describe('snippets', () => {
  test('name no model that is not on sale, and none where nothing is', () => {
    const { catalog, env } = stage.relay.services
    const only = (wanted: string) => ({
      ...catalog,
      list: (at: Date) => catalog.list(at).filter(({ name }) => name === wanted),
    })
    const namesOf = (wanted: string) =>
      snippetsFor(clientsOf({ env, catalog: only(wanted) })).map(({ name }) => name)
    assert.deepEqual(namesOf('claude-opus-5'), ['curl', 'claude-code'])
    assert.ok(!namesOf('gpt-4o').includes('claude-code'))
    assert.ok(namesOf('gpt-4o').includes('codex'))
    assert.deepEqual(namesOf('text-embedding-3-small'), [])
    for (const { name, text } of snippetsFor(clientsOf({ env, catalog: only('gpt-4o') })))
      assert.ok(name === 'open-webui' || text.includes('gpt-4o'), name)
  })

  test('are all in the docs, for an address of their own', () => {
    const address = 'https://relay.example.com'
    const page = readFileSync('docs/clients.md', 'utf8')
    for (const { title, note, text } of snippetsFor({ ...clients, address })) {
      assert.ok(page.includes(`\n## ${title}\n\n${inEnglish(note)}\n`), title)
      assert.ok(page.includes(`\n${text}\n\`\`\`\n`), title)
    }
  })
})
