import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { settingNames } from '../app/config/env.ts'
import { childEnvironment } from '../dev/command/environment.ts'
import { freePort, spawnOwned, untilItAnswers } from '../dev/servers/processes.ts'

/** A server under load: where it listens, and whose CPU time and memory are its own. */
export type Server = { url: string; pid: number; stop(): Promise<void> }

const startMsMax = 60_000
const stopMsMax = 40_000
/** Sessions that a benchmark makes itself are signed with it. */
export const sessionSecret = randomBytes(32).toString('base64url')
const here = fileURLToPath(new URL('.', import.meta.url))

type Start = {
  name: string
  dir: string
  port: number
  file: string
  args: string[]
  env?: Record<string, string | undefined>
  cwd?: string
  /** Any answer means that it is up, unless this path has to say 200. */
  readyPath?: string
}

async function start(wanted: Start): Promise<Server> {
  const { name, dir, port, file, args, env = {}, cwd, readyPath } = wanted
  mkdirSync(dir, { recursive: true })
  const log = openSync(join(dir, `${name}-${port}.log`), 'w')
  const child = spawnOwned(file, args, {
    env: childEnvironment(env),
    cwd,
    stdio: ['ignore', log, log],
  })
  closeSync(log)
  const url = `http://127.0.0.1:${port}`
  const answers = async () => {
    try {
      const { status, body } = await fetch(url + (readyPath ?? '/'))
      await body?.cancel()
      return readyPath === undefined || status === 200
    } catch {
      return false
    }
  }
  await untilItAnswers(name, startMsMax, answers, child)
  return { url, pid: child.pid, stop: async () => void (await child.stop(stopMsMax)) }
}

/** One nginx process; `inside` is what is in its server block. */
async function startNginx(name: string, dir: string, inside: string, http = ''): Promise<Server> {
  const port = await freePort()
  const folder = resolve(dir, `${name}-${port}`)
  mkdirSync(folder, { recursive: true })
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((it) => `${it}_temp_path ${folder}/${it};`)
    .join('\n  ')
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off;
master_process off;
pid ${folder}/pid;
error_log ${folder}/error.log;
events { worker_connections 12000; }
http {
  ${temporary}
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  client_max_body_size 20m;
  client_body_buffer_size 64k;
  ${http}
  server {
    listen 127.0.0.1:${port} backlog=8192;
    ${inside}
  }
}
`,
  )
  const args = ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')]
  return start({ name, dir, port, file: 'nginx', args })
}

/** An upstream that has its answers ready: by paths below /v1, or one to chat completions. */
export function startStaticUpstream(
  dir: string,
  type: string,
  answers: string | Record<string, string>,
): Promise<Server> {
  const folder = resolve(dir, `answer-${type.replace('/', '-')}`)
  const byPath = typeof answers === 'string' ? { 'chat/completions': answers } : answers
  for (const [path, answer] of Object.entries(byPath)) {
    const file = join(folder, 'v1', path)
    mkdirSync(dirname(file), { recursive: true })
    // A file and no `return`: whatever the answer holds, nothing of it is taken for configuration.
    writeFileSync(file, answer)
  }
  const inside = `root ${folder};
    default_type ${type};
    open_file_cache max=10;
    location / { error_page 405 =200 $uri; }`
  return startNginx('static-upstream', dir, inside)
}

/** nginx in front of the upstream and nothing more: the limit of what a proxy can do. */
export function startNginxProxy(dir: string, upstream: string): Promise<Server> {
  const inside = `location / {
      proxy_pass http://upstream;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }`
  const http = `upstream upstream { server ${upstream.slice('http://'.length)}; keepalive 512; }`
  return startNginx('nginx-proxy', dir, inside, http)
}

/** Twenty lines around undici: the limit of the runtime. */
export async function startBareProxy(dir: string, upstream: string): Promise<Server> {
  const port = await freePort()
  const args = [join(here, 'bare-proxy.mjs'), String(port), upstream]
  return start({ name: 'bare-proxy', dir, port, file: process.execPath, args })
}

/** Portkey's gateway, as its package comes: routing and headers; no accounts, no billing, no log. */
export async function startPortkey(dir: string): Promise<Server> {
  const port = await freePort()
  const program = join(here, 'node_modules/@portkey-ai/gateway/build/start-server.js')
  const args = [program, `--port=${port}`, '--headless']
  const env = { NODE_ENV: 'production' }
  return start({ name: 'portkey', dir, port, file: process.execPath, args, env })
}

/** What sends a call through Portkey on to `upstream`. */
export const portkeyHeaders = (upstream: string) => ({
  'x-portkey-provider': 'openai',
  'x-portkey-custom-host': `${upstream}/v1`,
})

/** Another of our own small servers, run as it stands. */
export async function startScript(
  dir: string,
  script: string,
  ...given: string[]
): Promise<Server> {
  const port = await freePort()
  const args = ['--import', 'tsx', join(here, script), String(port), ...given]
  return start({ name: script, dir, port, file: process.execPath, args })
}

export type RelayOptions = {
  dir: string
  databaseUrl: string
  redisUrl: string
  upstream: string
  /** For Node itself, such as a profiler's switches. */
  nodeArguments?: string[]
  env?: Record<string, string>
  /** Where its build is; this version's own unless another is named. */
  folder?: string
}

/** Blank is said: no `.env` of whoever measures says more. */
const blanks = Object.fromEntries(settingNames.map((name) => [name, '']))

/** The relay as an operator runs it: built, in production mode, everything durable. */
export async function startRelay(options: RelayOptions): Promise<Server> {
  const { dir, databaseUrl, redisUrl, upstream, nodeArguments = [], env, folder } = options
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  return start({
    name: 'relay',
    dir,
    port,
    file: process.execPath,
    readyPath: '/readyz',
    cwd: folder,
    args: [...nodeArguments, '--enable-source-maps', 'build/server.mjs'],
    env: {
      ...blanks,
      NODE_ENV: 'production',
      PORT: String(port),
      APP_URL: url,
      DATABASE_URL: databaseUrl,
      REDIS_URL: redisUrl,
      OPENAI_API_KEY: 'sk-bench',
      OPENAI_BASE_URL: `${upstream}/v1`,
      ANTHROPIC_API_KEY: 'sk-bench',
      ANTHROPIC_BASE_URL: upstream,
      SESSION_SECRET: sessionSecret,
      ...env,
    },
  })
}
