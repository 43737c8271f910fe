import { isIPv6 } from 'node:net'
import { z } from 'zod'

export type RedisAddress = { host: string; port: number }
type Several = {
  isTls: boolean
  addresses: RedisAddress[]
  username: string | undefined
  password: string | undefined
}

/** Where Redis is: one server, what three Sentinels call its master, or the nodes of a Cluster. */
export type RedisPlace =
  | { kind: 'single'; url: string }
  | (Several & {
      kind: 'sentinel'
      master: string
      db: number
      sentinelUsername: string | undefined
      sentinelPassword: string | undefined
    })
  | (Several & { kind: 'cluster' })
type Fault = { fault: string }

const shape =
  /^(rediss?)\+(sentinel|cluster):\/\/(?:([^/?#]*)@)?([^/?#@]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/
const addressShape = /^(?:\[([^\]]+)\]|([\w.-]+))(?::(\d{1,5}))?$/
const sentinelExample = 'redis+sentinel://a:26379,b:26379,c:26379/mymaster'
const clusterExample = 'redis+cluster://a:6379,b:6379,c:6379'
const usualPorts = { sentinel: 26_379, cluster: 6_379 }

const faults = {
  form:
    'must be an address that begins with redis:// or rediss://, or with redis+sentinel:// or ' +
    'redis+cluster:// (rediss+… with TLS) where it has several hosts',
  severalHosts: `has several hosts, which are ${sentinelExample} or ${clusterExample}`,
  hosts: (example: string) => `must have hosts with commas between them, as ${example} has`,
  user: 'has a user or a password in which %, @, : and / must be written as %25, %40, %3A and %2F',
  master: `must end in the name by which Sentinel knows the master, as ${sentinelExample} does`,
  path: `must end behind its hosts, as ${clusterExample} does: a cluster has no numbered databases`,
  query:
    'may have ?sentinelUsername=…&sentinelPassword=… behind the name of the master, and no more',
}

function addressesIn(text: string, usualPort: number): RedisAddress[] | undefined {
  const found = text.split(',').map((one) => {
    const [, bracketed, name, port = String(usualPort)] = addressShape.exec(one) ?? []
    const host = bracketed ?? name
    if (host === undefined || (bracketed !== undefined && !isIPv6(bracketed))) return undefined
    return Number(port) >= 1 && Number(port) <= 65_535 ? { host, port: Number(port) } : undefined
  })
  return found.every((it) => it !== undefined) ? found : undefined
}

/** Undefined where it is not percent-encoded as it must be. */
function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

/** `user:password`, `:password` or nothing; undefined where that cannot be read. */
function credentialsIn(text = ''): Pick<Several, 'username' | 'password'> | undefined {
  const [name = '', ...rest] = text.split(':')
  const [username, password] = [decoded(name), decoded(rest.join(':'))]
  if (username === undefined || password === undefined) return undefined
  return { username: username || undefined, password: password || undefined }
}

function sentinelIn(several: Several, path = '', query = ''): RedisPlace | Fault {
  const [name = '', db = '0', ...more] = path.split('/')
  const master = decoded(name)
  if (!master || !/^\d{1,5}$/.test(db) || more.length > 0) return { fault: faults.master }
  const { sentinelUsername, sentinelPassword, ...others } = Object.fromEntries(
    new URLSearchParams(query),
  )
  if (Object.keys(others).length > 0) return { fault: faults.query }
  const place = { ...several, master, db: Number(db), sentinelUsername, sentinelPassword }
  return { kind: 'sentinel', ...place }
}

/** Where an address leads, or what is wrong with it, without a word of what it holds. */
export function redisPlace(url: string): RedisPlace | Fault {
  const [, scheme, kind, credentials, hosts = '', path, query] = shape.exec(url) ?? []
  if (kind !== 'sentinel' && kind !== 'cluster') return singleIn(url)
  const addresses = addressesIn(hosts, usualPorts[kind])
  const example = kind === 'sentinel' ? sentinelExample : clusterExample
  if (!addresses) return { fault: faults.hosts(example) }
  const user = credentialsIn(credentials)
  if (!user) return { fault: faults.user }
  const several = { isTls: scheme === 'rediss', addresses, ...user }
  if (kind === 'sentinel') return sentinelIn(several, path, query)
  return path || query ? { fault: faults.path } : { kind, ...several }
}

function singleIn(url: string): RedisPlace | Fault {
  if (!/^rediss?:\/\//i.test(url)) return { fault: faults.form }
  const authority = url.replace(/^[^/]*\/\//, '').split(/[/?#]/)[0] ?? ''
  if (authority.replace(/^.*@/, '').includes(',')) return { fault: faults.severalHosts }
  return URL.canParse(url) ? { kind: 'single', url } : { fault: faults.form }
}

/** A setting that says where Redis is. */
export const redisUrl = z.string().superRefine((url, context) => {
  const place = redisPlace(url)
  if ('fault' in place) context.addIssue({ code: 'custom', message: place.fault })
})
