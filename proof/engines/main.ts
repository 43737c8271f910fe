import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { migrate } from '../../app/db/db.server.ts'
import { CannotContinue, runCommand } from '../../dev/command/announce.ts'
import { testServers } from '../../dev/command/environment.ts'
import { compileTests } from '../../dev/compile-tests.ts'
import { ensurePrograms } from '../../dev/servers/packages.ts'
import { startRedis } from '../../dev/servers/redis.ts'
import { runSql } from '../../test/sql.ts'
import { writeProof, type Section } from '../proof.ts'
import { openServer, sourcesFor, type Server } from './servers.ts'
import { tryStopping, type Stopped } from './stopped.ts'
import { filesFor, tryTests, type Tried } from './tests.ts'

const say = (line: string) => console.log(line)
const usage = 'npm run check -- engines [own] [mysql] [mariadb] [--only WORD[,WORD…]]'

type Result = { title: string; tests: Tried; stopped: Stopped[] }

/** A database for as long as the work takes. */
async function withDatabase<T>(server: Server, name: string, work: (url: string) => Promise<T>) {
  await runSql(server.url, `create database ${name} character set utf8mb4`)
  try {
    return await work(`${server.url}${name}`)
  } finally {
    await runSql(server.url, `drop database ${name}`)
  }
}

async function tryServer(server: Server, programs: string[], redisUrl: string): Promise<Result> {
  say(`\n## ${server.title}, ${programs.length} files of tests\n`)
  const template = `template_${process.pid}`
  const tests = await withDatabase(server, template, async (url) => {
    await migrate(url)
    return tryTests(programs, { url: server.url, redisUrl, template })
  })
  const stopped = await withDatabase(server, `stopped_${process.pid}`, tryStopping)
  return { title: server.title, tests, stopped }
}

const isRight = ({ tests, stopped }: Result) =>
  tests.failed.length === 0 && tests.passed > 0 && stopped.every((it) => it.isRight)

const waited = (stopped: Stopped[], way: Stopped['way']) =>
  `${((stopped.find((it) => it.way === way)?.servedMs ?? NaN) / 1_000).toFixed(1)} s`

function sectionOf(results: Result[]): Section {
  return {
    title: 'Every engine',
    isRight: results.every(isRight),
    lines: [
      '`npm run check -- engines`: the tests of all rooms that have statements, on each server; and how long an',
      'account waits whose row a stopped process (SIGSTOP) has locked, in a transaction of the ledger or of the pool.',
      '',
      '| server | files | passed | failed | took | ledger | pool | differences after it |',
      '|---|--:|--:|--:|--:|--:|--:|--:|',
      ...results.map(
        ({ title, tests: { files, passed, failed, seconds }, stopped }) =>
          `| ${title} | ${files} | ${passed} | ${failed.length} | ${seconds} s | ` +
          `${waited(stopped, 'lane')} | ${waited(stopped, 'pool')} | ` +
          `${stopped.reduce((sum, { differences }) => sum + differences, 0)} |`,
      ),
      ...results.flatMap(({ title, tests }) => tests.failed.map((it) => `- ${title}: ${it}`)),
    ],
  }
}

async function tryEngines(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' } },
  })
  const dir = mkdtempSync(join(tmpdir(), 'relay-engines-'))
  const ends: (() => Promise<void>)[] = []
  try {
    const sources = sourcesFor(positionals, dir, say)
    if (sources.length === 0) throw new CannotContinue(usage)
    const files = filesFor(values.only?.split(',') ?? [])
    const programs = await compileTests(files, join(dir, 'programs'))
    await ensurePrograms(['redis-server'], say)
    const redis = testServers().redisUrl ?? (await startOwnRedis(dir, ends))
    const results: Result[] = []
    for (const source of sources) {
      const server = await openServer(source)
      ends.push(() => server.stop())
      results.push(await tryServer(server, programs, redis))
      await ends.pop()?.()
    }
    const section = sectionOf(results)
    say(`\n${section.lines.join('\n')}`)
    // A part of it is no proof.
    if (values.only === undefined && positionals.length === 0) writeProof(section)
    return section.isRight ? 0 : 1
  } finally {
    for (const end of ends.reverse()) await end()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function startOwnRedis(dir: string, ends: (() => Promise<void>)[]): Promise<string> {
  const redis = await startRedis({ dir: join(dir, 'redis') })
  ends.push(() => redis.stop())
  return redis.url
}

await runCommand(tryEngines)
