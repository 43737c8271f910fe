import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { clientsOf } from '../../app/pages/pages.server.ts'
import { snippetsFor } from '../../app/ui/snippets.ts'
import { childEnvironment } from '../../dev/command/environment.ts'
import { spawnOwned } from '../../dev/servers/processes.ts'
import { present } from '../../test/present.ts'
import type { Site } from './site.ts'

/** An agent's command line, by the name of the snippet that sets it up. */
export type Agent = { name: 'codex' | 'claude-code'; program: string }

/** How an agent ended, and all that it has said. */
export type Said = { code: number | null; text: string }

/** Longer than any agent tries again. */
const runMsMax = 120_000
const proxies = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy']
const noProxies = Object.fromEntries(
  proxies.flatMap((name) => [name, name.toUpperCase()]).map((name) => [name, undefined]),
)

function snippetOf({ relay }: Site, name: string): string {
  const { env, catalog } = relay.services
  const clients = clientsOf({ env: { ...env, APP_URL: new URL(relay.url).origin }, catalog })
  return present(snippetsFor(clients).find((it) => it.name === name)).text
}

const quoted = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`

/** What a shell is told, with the agent set up as its snippet says, in a home of its own. */
function linesFor(site: Site, { name, program }: Agent, home: string, prompt: string): string {
  const setUp = snippetOf(site, name)
  if (name === 'claude-code')
    return `claude() { ${quoted(program)} -p ${quoted(prompt)}; }\n${setUp}`
  const folder = join(home, '.codex')
  mkdirSync(folder)
  writeFileSync(join(folder, 'config.toml'), setUp)
  return `${quoted(program)} exec --skip-git-repo-check ${quoted(prompt)}`
}

/** Runs an agent once with this key; it knows nothing of whoever runs it. */
export async function runAgent(
  site: Site,
  agent: Agent,
  { secret, prompt, isPatient = true }: { secret: string; prompt: string; isPatient?: boolean },
): Promise<Said> {
  const home = mkdtempSync(join(site.dir, 'home-'))
  const again = isPatient ? {} : { CLAUDE_CODE_MAX_RETRIES: '2' }
  const env = childEnvironment({
    ...noProxies,
    HOME: home,
    RELAY_KEY: secret,
    CODEX_HOME: undefined,
    ...again,
  })
  const lines = linesFor(site, agent, home, prompt)
  const child = spawnOwned('bash', ['-uc', `exec 2>&1 </dev/null\n${lines}`], {
    cwd: home,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const late = setTimeout(() => child.signal('SIGKILL'), runMsMax)
  const said = await text(present(child.stdout))
  const { code } = await child.exited
  clearTimeout(late)
  return { code, text: said }
}
