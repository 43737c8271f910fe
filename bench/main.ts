import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { present } from '../test/present.ts'
import { CannotContinue } from '../dev/command/announce.ts'
import { ensureBuild } from '../dev/bundle/build.ts'
import { readSettings } from '../dev/command/environment.ts'
import { startServers } from '../dev/servers/servers.ts'
import { cases } from './cases/cases.ts'
import { clearProfiles, profileArguments, summarizeProfiles } from './profile.ts'
import { makeGround } from './ground.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const results = join(here, 'RESULTS.md')

function machine(): string {
  const git = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' })
  // What the benchmarks themselves have written does not count.
  const own = ':(exclude)bench/RESULTS.md'
  const changed = spawnSync('git', ['diff', '--quiet', 'HEAD', '--', '.', own]).status !== 0
  const memory = Math.round(totalmem() / 2 ** 30)
  const cores = `${cpus().length} × ${cpus()[0]?.model.trim() ?? 'unknown'}`
  const commit = `commit ${git.stdout.trim()}${changed ? ' and changes' : ''}`
  const day = new Date().toISOString().slice(0, 10)
  return `${cores}, ${memory} GiB, shared by load, upstream, database and relay; Node ${process.version}, ${commit}, ${day}.`
}

/** Puts a section in the place of the one of the same name, or at the end. */
function writeSection(name: string, text: string) {
  const old = existsSync(results) ? readFileSync(results, 'utf8') : '# Results\n'
  const [head = '', ...sections] = old.split(/^(?=## )/m)
  const written = `## ${name}\n\n${text.trim()}`
  const at = sections.findIndex((section) => section.startsWith(`## ${name}\n`))
  sections.splice(at < 0 ? sections.length : at, at < 0 ? 0 : 1, written)
  writeFileSync(results, `${[head, ...sections].map((it) => it.trimEnd()).join('\n\n')}\n`)
}

/** The benchmarks that compare with peers. */
const withPeers: ReadonlySet<string> = new Set(['plain', 'stream'])

/** The peers are no part of the project's own installation. */
function installPeers() {
  if (existsSync(join(here, 'node_modules/@portkey-ai/gateway/package.json'))) return
  const args = ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']
  const { status } = spawnSync('npm', args, { cwd: here, stdio: 'inherit' })
  if (status !== 0) throw new CannotContinue('npm install failed in bench/; the reason is above.')
}

function needPrograms() {
  for (const program of ['nginx', 'wrk']) {
    if (spawnSync('which', [program]).status !== 0)
      throw new CannotContinue(`The benchmarks need ${program}: apt-get install nginx-light wrk`)
  }
}

/** Runs the benchmarks that are named, or all, one after the other, and writes down each. */
export async function bench(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      profile: { type: 'boolean', default: false },
      before: { type: 'string' },
      only: { type: 'string' },
    },
  })
  const unknown = positionals.filter((name) => !(name in cases))
  if (unknown.length)
    throw new CannotContinue(
      `npm run bench -- [${Object.keys(cases).join('|')}] [--profile] [--before FOLDER] [--only PATTERN]`,
    )
  // Without another version there is nothing to compare with.
  const all = Object.keys(cases).filter((name) => name !== 'versions' || values.before)
  const names = positionals.length ? positionals : all
  if (names.includes('versions') && !values.before)
    throw new CannotContinue('npm run bench -- versions --before FOLDER (a checkout, built)')
  needPrograms()
  if (names.some((name) => withPeers.has(name))) installPeers()
  await ensureBuild()
  const dir = join(readSettings().dataDir, 'bench')
  mkdirSync(dir, { recursive: true })
  const servers = await startServers({ dir, isForTests: true, say: console.log })
  const profiles = join(dir, 'profiles')
  const ground = makeGround(servers, dir, {
    nodeArguments: values.profile ? profileArguments(profiles) : [],
    before: values.before,
    only: values.only,
  })
  try {
    for (const name of names) {
      console.log(`\n## ${name}\n`)
      const startMs = performance.now()
      if (values.profile) clearProfiles(profiles)
      try {
        const lines = await present(cases[name])(ground)
        const seconds = Math.round((performance.now() - startMs) / 1_000)
        const about = `\`npm run bench -- ${name}\`; took ${seconds} s. ${machine()}`
        console.log(lines.join('\n'))
        if (!values.profile && !values.only) writeSection(name, [about, '', ...lines].join('\n'))
      } finally {
        await ground.end()
      }
      if (values.profile) console.log(summarizeProfiles(profiles).join('\n'))
    }
    return 0
  } finally {
    await servers.stop()
  }
}
