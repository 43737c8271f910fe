import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { CannotContinue } from '../dev/command/announce.ts'
import type { Certificate } from '../dev/servers/certificate.ts'
import { freePort, spawnOwned, untilItAnswers } from '../dev/servers/processes.ts'
import type { Ground } from './ground.ts'

export const proxyNames = ['nginx', 'haproxy'] as const
export type ProxyName = (typeof proxyNames)[number]

/** What stands before the relays: where it listens, with TLS and without. */
type Ports = { tls: number; clear: number }

const startMsMax = 20_000
const stopMsMax = 10_000

export const choosePorts = async (): Promise<Ports> => ({
  tls: await freePort(),
  clear: await freePort(),
})

type Change = [from: string | RegExp, to: string]

/** The file that ships, with this machine's ports and folders; every change has to find its place. */
function adapted(file: string, changes: Change[]): string {
  return changes.reduce(
    (text, [from, to]) => {
      const changed = text.replaceAll(from, to)
      if (changed === text) throw new Error(`${file} has no ${String(from)}`)
      return changed
    },
    readFileSync(file, 'utf8'),
  )
}

type Placed = {
  dir: string
  ports: Ports
  relays: number[]
  tls: Certificate
  /** Whether nginx passes the host that a browser named, as the file that ships says. */
  passesHost: boolean
}

function nginxFile({ dir, ports, relays, tls, passesHost }: Placed): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((it) => `${it}_temp_path ${dir}/${it};`)
    .join(' ')
  return adapted('deploy/nginx.conf', [
    ...(passesHost ? [] : [[/ +proxy_set_header Host .*\n/g, ''] satisfies Change]),
    ['user www-data;', 'daemon off;'],
    ['pid /run/nginx.pid;', `pid ${dir}/pid;`],
    ['/var/log/nginx', dir],
    ['include /etc/nginx/mime.types;', temporary],
    [/listen \[::\]:.*\n/g, '\n'],
    ['listen 80;', `listen 127.0.0.1:${ports.clear};`],
    ['listen 443 ', `listen 127.0.0.1:${ports.tls} `],
    ['relay.example.com', 'localhost'],
    ['/etc/ssl/relay/cert.pem', tls.certificate],
    ['/etc/ssl/relay/key.pem', tls.key],
    [':3001 ', `:${relays[0]} `],
    [':3002 ', `:${relays[1]} `],
  ])
}

const haproxyFile = ({ ports, relays, tls }: Placed): string =>
  adapted('deploy/haproxy.cfg', [
    ['log /dev/log local0', 'log stdout format raw local0'],
    [/ +bind :::.*\n/g, ''],
    ['bind :443 ', `bind 127.0.0.1:${ports.tls} `],
    ['abns@ai-api-relay', `abns@ai-api-relay-${ports.tls}`],
    ['bind :80', `bind 127.0.0.1:${ports.clear}`],
    ['/etc/ssl/relay/relay.pem', tls.both],
    [':3001', `:${relays[0]}`],
    [':3002', `:${relays[1]}`],
  ])

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const commandOf = (name: ProxyName, file: string, dir: string): [string, string[]] =>
  name === 'nginx'
    ? ['nginx', ['-c', file, '-e', join(dir, 'error.log')]]
    : ['haproxy', ['-db', '-f', file]]

/** Debian's nginx or HAProxy with the configuration that ships, before these relays. */
export async function startProxy(
  name: ProxyName,
  { dir: parent, opened }: Ground,
  given: Omit<Placed, 'dir'>,
): Promise<void> {
  if (spawnSync('which', [name]).status !== 0)
    throw new CannotContinue(`This needs ${name}: apt-get install ${name}`)
  const dir = join(parent, name)
  mkdirSync(dir)
  const file = join(dir, 'configuration')
  writeFileSync(file, (name === 'nginx' ? nginxFile : haproxyFile)({ dir, ...given }))
  const log = openSync(join(dir, 'output.log'), 'w')
  const [program, args] = commandOf(name, file, dir)
  const child = spawnOwned(program, args, { stdio: ['ignore', log, log] })
  closeSync(log)
  opened.closeWith(() => child.stop(stopMsMax))
  await untilItAnswers(name, startMsMax, () => listens(given.ports.tls), child).catch(
    (error: unknown) => {
      throw new Error(readFileSync(join(dir, 'output.log'), 'utf8'), { cause: error })
    },
  )
}
