import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CannotContinue, runCommand } from '../../dev/command/announce.ts'
import { ensurePrograms, mariadbPrograms } from '../../dev/servers/packages.ts'
import type { Agent } from './agents.ts'
import { cases } from './cases.ts'
import { openSite } from './site.ts'

const say = (line: string) => console.log(line)
const usage = 'npm run check -- agents [--codex PROGRAM] [--claude PROGRAM]'
const isOwnRoot = process.getuid?.() === 0

/** The same once more where there is no network but loopback: whatever is said is said to us. */
async function withoutNetwork(): Promise<number> {
  await ensurePrograms([...mariadbPrograms, 'redis-server'], say)
  const { execPath, execArgv, argv } = process
  const again = [execPath, ...execArgv, ...argv.slice(1), '--without-network']
  const user = isOwnRoot ? [] : ['--map-root-user']
  const raise = 'ip link set lo up && exec "$@"'
  const args = [...user, '--net', '--', 'sh', '-c', raise, 'sh', ...again]
  return spawnSync('unshare', args, { stdio: 'inherit' }).status ?? 1
}

async function lookAtAll(agents: Agent[], isTalkative: boolean): Promise<number> {
  const site = await openSite()
  let exitCode = 0
  try {
    for (const agent of agents)
      for (const { title, look } of cases) {
        say(`\n${agent.name} ${title}`)
        try {
          const { said, lines } = await look(site, agent)
          for (const line of lines) say(`  ${line}`)
          const words = said.text.trim().split('\n')
          for (const line of isTalkative ? words : words.slice(-1)) say(`  | ${line}`)
        } catch (error) {
          exitCode = 1
          console.error(error)
        }
      }
  } finally {
    await site.close()
  }
  return exitCode
}

await runCommand(() => {
  const { values } = parseArgs({
    options: {
      codex: { type: 'string' },
      claude: { type: 'string' },
      all: { type: 'boolean' },
      'without-network': { type: 'boolean' },
    },
  })
  const { codex, claude, all = false } = values
  const agents: Agent[] = []
  if (codex !== undefined) agents.push({ name: 'codex', program: resolve(codex) })
  if (claude !== undefined) agents.push({ name: 'claude-code', program: resolve(claude) })
  if (agents.length === 0) throw new CannotContinue(usage)
  return values['without-network'] ? lookAtAll(agents, all) : withoutNetwork()
})
