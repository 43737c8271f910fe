import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { seedCatalog } from '../catalog/catalog.server.ts'
import { createPool, migrate } from '../db/db.server.ts'
import { runCommand } from './announce.ts'
import { benchUsage } from './bench-usage.ts'
import { childEnvironment, readSettings } from './environment.ts'
import { startRig } from './rig.ts'

const results = 'bench/RESULTS.md'
const smallCalls = 100_000
const largeCalls = 10_000_000

/** Makes an account with so many calls, through the command that an operator would use. */
function seed(databaseUrl: string, calls: number): number {
  const command = ['--import', 'tsx', 'app/cli/main.ts', 'seed-calls', String(calls), '--json']
  const { stdout, status } = spawnSync(process.execPath, command, {
    env: childEnvironment({ DATABASE_URL: databaseUrl }),
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`seed-calls ended with ${status}`)
  const { account_id } = JSON.parse(stdout) as { account_id: number }
  console.log(`account ${account_id} has ${calls} calls`)
  return account_id
}

/** The two accounts, made once: filling them takes longer than measuring them. */
async function accountsOf(databaseUrl: string, dir: string): Promise<[number, number]> {
  const file = join(dir, 'usage-accounts.json')
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as [number, number]
  await migrate(databaseUrl)
  const pool = createPool(databaseUrl, { size: 1 })
  await seedCatalog(pool)
  await pool.close()
  const accounts: [number, number] = [seed(databaseUrl, smallCalls), seed(databaseUrl, largeCalls)]
  writeFileSync(file, JSON.stringify(accounts))
  return accounts
}

function machine(): string {
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' })
  const memory = Math.round(totalmem() / 2 ** 30)
  const cores = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  return `${cores}, ${memory} GiB, Node ${process.version}, commit ${git.stdout.trim()}`
}

/** Puts a section in the place of the one of the same name, or at the end. */
function writeSection(name: string, text: string) {
  mkdirSync('bench', { recursive: true })
  const old = existsSync(results) ? readFileSync(results, 'utf8') : '# Results\n'
  const [head = '', ...sections] = old.split(/^(?=## )/m)
  const kept = sections.filter((section) => !section.startsWith(`## ${name}\n`))
  const written = `## ${name}\n\n${text.trim()}\n`
  writeFileSync(results, [head.trimEnd(), ...kept.map((it) => it.trimEnd()), written].join('\n\n'))
}

await runCommand(async () => {
  const [name] = process.argv.slice(2)
  if (name !== undefined && name !== 'usage') throw new Error('npm run bench -- [usage]')
  const dir = join(readSettings().dataDir, 'bench')
  mkdirSync(dir, { recursive: true })
  const rig = await startRig({ dir, needRedis: false, say: console.log })
  try {
    const databaseUrl = rig.databaseUrl!
    const [small, large] = await accountsOf(databaseUrl, dir)
    const lines = await benchUsage(databaseUrl, { small, large, runs: 31, csvRows: 1_000_000 })
    const about =
      `\`npm run bench -- usage\`; one account of ${smallCalls.toLocaleString('en-US')} calls and ` +
      `one of ${largeCalls.toLocaleString('en-US')}, each over 90 days, in one database, taking ` +
      `turns; medians of 31 runs, as whoever sends the statements waits for them.\n${machine()}.`
    writeSection('usage', `${about}\n\n${lines.join('\n')}`)
    return 0
  } finally {
    await rig.stop()
  }
})
