import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../values/language/msg.ts'

/** What somebody's programs are set up with. */
export type Clients = {
  /** Where people reach this relay: a scheme and a host. */
  address: string
  /** A model on sale for each way to call it; null where there is none. */
  models: {
    chat: string | null
    responses: string | null
    messages: string | null
    /** One for the small tasks of the same programs. */
    messagesSmall: string | null
  }
}

type ClientSnippet = {
  name: string
  title: string
  /** What has to be done with it, in a sentence or two. */
  note: MessageDescriptor
  text: string
}

/** As a program reads it that has the key in its environment. */
const keyVariable = '$RELAY_KEY'

/** What stands for a key that is not shown: no shell or program takes a letter of it for another thing. */
export const keyPlaceholder = 'sk-YOUR-KEY'

/** The first line of all others: the key, where every program finds it. */
export const keySnippet = (key: string) => `export RELAY_KEY='${key}'`

const chatBody = (model: string) => `{"model": "${model}", "stream": true,
       "messages": [{"role": "user", "content": "Hello"}]}`
const messagesBody = (model: string) => `{"model": "${model}", "stream": true, "max_tokens": 100,
       "messages": [{"role": "user", "content": "Hello"}]}`

const curlLines = (url: string, key: string, body: string) =>
  [
    `curl -N ${url} \\`,
    `  -H "Authorization: Bearer ${key}" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')

/** A line for a shell that makes a streamed call; -N shows each piece as it arrives. */
export function curlSnippet({ address, models }: Clients, key = keyVariable): string | null {
  const { chat, messages } = models
  if (chat !== null) return curlLines(`${address}/v1/chat/completions`, key, chatBody(chat))
  if (messages === null) return null
  return curlLines(`${address}/v1/messages`, key, messagesBody(messages))
}

const python = (address: string, model: string) => `import os
from openai import OpenAI

client = OpenAI(base_url="${address}/v1", api_key=os.environ["RELAY_KEY"])
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "Hello"}],
)
print(answer.choices[0].message.content)`

const node = (address: string, model: string) => `import OpenAI from 'openai'

const client = new OpenAI({
  baseURL: '${address}/v1',
  apiKey: process.env.RELAY_KEY,
})
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: 'Hello' }],
})
console.log(answer.choices[0].message.content)`

const aiSdk = (
  address: string,
  model: string,
) => `import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText } from 'ai'

const relay = createOpenAICompatible({
  name: 'relay',
  baseURL: '${address}/v1',
  apiKey: process.env.RELAY_KEY,
})
const { text } = await generateText({ model: relay('${model}'), prompt: 'Hello' })
console.log(text)`

const codex = (address: string, model: string) => `model = "${model}"
model_provider = "relay"

[model_providers.relay]
name = "AI API Relay"
base_url = "${address}/v1"
env_key = "RELAY_KEY"
wire_api = "responses"`

const claudeCode = (address: string, model: string, small: string) =>
  `export ANTHROPIC_BASE_URL='${address}'
export ANTHROPIC_AUTH_TOKEN="$RELAY_KEY"
export ANTHROPIC_MODEL='${model}'
export ANTHROPIC_DEFAULT_HAIKU_MODEL='${small}'
claude`

const cursor = (address: string, model: string) => `OpenAI API Key            $RELAY_KEY
Override OpenAI Base URL  ${address}/v1
Add custom model          ${model}`

const cline = (address: string, model: string) => `API Provider  OpenAI Compatible
Base URL      ${address}/v1
API Key       $RELAY_KEY
Model ID      ${model}`

const continueYaml = (address: string, model: string) => `name: AI API Relay
version: 1.0.0
schema: v1
models:
  - name: ${model}
    provider: openai
    model: ${model}
    apiBase: ${address}/v1
    apiKey: \${{ secrets.RELAY_KEY }}
    roles: [chat, edit, apply]`

const openWebUi = (address: string) => `docker run -d -p 8080:8080 \\
  -e OPENAI_API_BASE_URL='${address}/v1' \\
  -e OPENAI_API_KEY="$RELAY_KEY" \\
  -v open-webui:/app/backend/data \\
  ghcr.io/open-webui/open-webui:main`

const libreChat = (address: string, model: string) => `version: 1.2.1
endpoints:
  custom:
    - name: AI API Relay
      apiKey: '\${RELAY_KEY}'
      baseURL: ${address}/v1
      models:
        default: ['${model}']
        fetch: true
      titleConvo: true
      titleModel: current_model`

type Draft = Omit<ClientSnippet, 'text'> & { text: string | null }

/** What is written where, for a model or for none. */
const forModel = (model: string | null, write: (model: string) => string) =>
  model === null ? null : write(model)

/**
 * Each way to call this relay that people know by name, with nothing to replace: the key is taken
 * from RELAY_KEY. Those for which nothing is on sale are left out.
 */
export function snippetsFor(clients: Clients): ClientSnippet[] {
  const { address, models } = clients
  const { chat, responses, messages } = models
  const small = models.messagesSmall ?? messages ?? ''
  const of = (write: (address: string, model: string) => string) =>
    forModel(chat, (model) => write(address, model))
  const drafts: Draft[] = [
    { name: 'curl', title: 'curl', note: msg`In a shell.`, text: curlSnippet(clients) },
    { name: 'python', title: 'Python', note: msg`After pip install openai.`, text: of(python) },
    { name: 'node', title: 'Node', note: msg`After npm install openai.`, text: of(node) },
    {
      name: 'codex',
      title: 'Codex',
      note: msg`In ~/.codex/config.toml.`,
      text: forModel(responses, (model) => codex(address, model)),
    },
    {
      name: 'claude-code',
      title: 'Claude Code',
      note: msg`In a shell; a whole machine is set up by the same names under "env" in ~/.claude/settings.json.`,
      text: forModel(messages, (model) => claudeCode(address, model, small)),
    },
    {
      name: 'cursor',
      title: 'Cursor',
      note: msg`In Settings, Models. Cursor calls from its own servers: the address must be one that the internet reaches. Of some models it posts a Responses body to the chat’s path: your key can be set to take it.`,
      text: of(cursor),
    },
    { name: 'cline', title: 'Cline', note: msg`In its settings.`, text: of(cline) },
    {
      name: 'continue',
      title: 'Continue',
      note: msg`In ~/.continue/config.yaml, and the key as a line RELAY_KEY=… in ~/.continue/.env.`,
      text: of(continueYaml),
    },
    {
      name: 'open-webui',
      title: 'Open WebUI',
      note: msg`In a shell. In a container localhost is the container itself: name this relay by its host.`,
      text: forModel(chat, () => openWebUi(address)),
    },
    {
      name: 'librechat',
      title: 'LibreChat',
      note: msg`In librechat.yaml, and the key as a line RELAY_KEY=… in .env. In a container localhost is the container itself: name this relay by its host.`,
      text: of(libreChat),
    },
    {
      name: 'ai-sdk',
      title: 'AI SDK',
      note: msg`After npm install ai @ai-sdk/openai-compatible.`,
      text: of(aiSdk),
    },
  ]
  return drafts.flatMap(({ text, ...rest }) => (text === null ? [] : [{ ...rest, text }]))
}
