import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'

import { childEnvironment } from '../dev/command/environment.ts'
import { findProcessesIn } from '../dev/servers/procfs.ts'

export type Command = {
  child: ChildProcess
  /** Everything it wrote, and what of that is for programs to read. */
  output(): string
  standardOutput(): string
  /** Settles once nobody holds its output any more: neither it, nor what it started. */
  exitCode: Promise<number | null>
  /** Waits until the output has `words`, and fails when the command ends without them. */
  says(words: string): Promise<void>
}

type Environment = Record<string, string | undefined>

type Clone = {
  path: string
  write(path: string, content: string): void
  /** Runs a command as npm does, without npm. */
  command(args: string[], env?: Environment): Command
  /** Runs a program of it by itself. */
  program(file: string, env?: Environment): Command
  /** Runs npm itself. */
  npm(args: string[], env?: Environment): Command
  /** How many servers and programs of this clone still run. */
  serversLeft(): number
  /** Ends what still runs, and takes the clone away. */
  remove(): Promise<void>
}

/** As they are, because a shell that stays between npm and us keeps signals for itself. */
const { scripts: packageScripts, engines } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: { start: string }
  engines: { node: string }
}

const files = {
  'package.json': JSON.stringify({
    type: 'module',
    engines,
    scripts: { build: 'node make-build.mjs', start: packageScripts.start },
  }),
  'make-build.mjs': `
    import { cpSync } from 'node:fs'
    cpSync('server.ts', 'build/server.mjs')`,
  'server.ts': `
    import { createServer } from 'node:http'
    import { env } from 'node:process'
    if (env.BROKEN) { console.log('no good'); process.exit(7) }
    const server = createServer((request, response) => {
      if (request.url === '/crash') process.exit(9)
      response.statusCode = request.url === '/readyz' ? 200 : 404
      response.end(JSON.stringify(env))
    })
    server.listen(Number(env.PORT), '127.0.0.1', () => console.log('listening'))
    process.on('SIGTERM', () => { console.log('drained'); process.exit(0) })`,
  'dev/session/local-developer.ts': `
    import { existsSync, writeFileSync } from 'node:fs'
    import { env } from 'node:process'
    const firstStart = !existsSync('.data/known')
    writeFileSync('.data/known', '')
    const made = firstStart ? { firstStart, apiKey: 'sk-first' } : { firstStart }
    const signInToken = env.SESSION_SECRET ? '1.2.3.4' : undefined
    console.log(JSON.stringify({ ...made, signInToken }))`,
  'app/cli/main.ts': `
    import { env } from 'node:process'
    console.log(JSON.stringify([process.argv.slice(2), env]))
    process.exit(5)`,
}

/** A clone with the real commands, and the least of a relay, a build and a command line. */
export function makeClone({ hasPackages = true } = {}): Clone {
  const path = mkdtempSync(join(tmpdir(), 'a clone '))
  const started: Command[] = []
  const write = (name: string, content: string) => {
    mkdirSync(dirname(join(path, name)), { recursive: true })
    writeFileSync(join(path, name), content)
  }
  for (const name of ['dev', 'app', 'sql']) cpSync(name, join(path, name), { recursive: true })
  for (const [name, content] of Object.entries(files)) write(name, content)
  cpSync('package-lock.json', join(path, 'package-lock.json'))
  if (hasPackages) symlinkSync(resolve('node_modules'), join(path, 'node_modules'))
  const run = (file: string, args: string[], env: Environment = {}) => {
    const command = follow(
      spawn(file, args, {
        cwd: path,
        env: childEnvironment({ NODE_ENV: undefined, npm_lifecycle_event: undefined, ...env }),
        stdio: ['ignore', 'pipe', 'pipe'],
      }),
    )
    started.push(command)
    return command
  }
  return {
    path,
    write,
    command: (args, env) => run(process.execPath, ['dev/bootstrap.mjs', ...args], env),
    program: (file, env) => run(process.execPath, [file], env),
    npm: (args, env) => run('npm', args, env),
    serversLeft() {
      const mariadb = findProcessesIn(join(path, '.data/mariadb/data'), 'mariadbd')
      const redis = findProcessesIn(join(path, '.data/redis'), 'redis-server')
      const others = findProcessesIn(path, 'node')
      return mariadb.length + redis.length + others.length
    },
    async remove() {
      for (const { child } of started) child.kill('SIGTERM')
      await Promise.all(started.map(({ exitCode }) => exitCode))
      rmSync(path, { recursive: true })
    },
  }
}

function follow(child: ChildProcess): Command {
  const { stdout, stderr } = child
  assert.ok(stdout && stderr)
  let output = ''
  let standardOutput = ''
  stdout.on('data', (bytes: Buffer) => (standardOutput += bytes.toString()))
  for (const stream of [stdout, stderr]) {
    stream.on('data', (bytes: Buffer) => (output += bytes.toString()))
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null)
  return {
    child,
    exitCode,
    output: () => output,
    standardOutput: () => standardOutput,
    async says(words) {
      const ended = exitCode.then(() => 'ended')
      while (!output.includes(words)) {
        const news = await Promise.race([once(stdout, 'data'), once(stderr, 'data'), ended])
        if (news === 'ended' && !output.includes(words)) assert.fail(output)
      }
    },
  }
}
