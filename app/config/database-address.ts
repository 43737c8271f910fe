import { limits } from './limits.ts'

/** One of the hosts that an address names: what it is called in words, and its own address. */
export type DatabaseHost = { readonly name: string; readonly url: string }

/** Everything up to the last @ is of the user; the hosts end where the path begins. */
const form = /^mysql:\/\/(?:([^/?#]*)@)?([^@/?#]*)([/?#].*)?$/is
/** The hosts before the last one, each with the same user, as other drivers have them. */
const userAgainForm = /^([^:@,]+)(?::[^@]*)?@.*,\s*\1(?::|$)/s
const hostForm = /^(?:\[[0-9a-f:.]+\]|[^\s:[\]]+)(?::\d{1,5})?$/i
const usualPort = 3306

const beginning = 'must be an address that begins with mysql://'
const several = 'mysql://user:password@db1:3306,db2:3306/relay'
const hostless = 'has no host between its @ and its /, as localhost is one'
const notOne = 'is none: a name or an address, and a port behind a colon, as db1:3306 is'
const userAgain = `names its user for a second host: it stands once, before all hosts, as in ${several}`
const divided = `has a comma or a slash behind its hosts, which stand before its one database, as in ${several}`
const nameless = 'must end in the name of a database, as mysql://user:password@host:3306/relay does'
const unreadable =
  'cannot be read: what is no letter and no digit of its user, password or database has to be ' +
  'written as % and its code (@ as %40, / as %2F, # as %23, % as %25)'

const encrypted =
  'asks for TLS in words that the driver does not know, and would go without: write ' +
  '?ssl={"rejectUnauthorized":true}'

class BadAddress extends Error {}

function decodes(...parts: string[]): boolean {
  try {
    parts.forEach(decodeURIComponent)
    return true
  } catch {
    // A % without a code: the driver would fail at the first connection.
    return false
  }
}

/** What other drivers call it (`sslmode=require`) would be passed over in silence. */
function refuseUnknownTls(query: URLSearchParams) {
  for (const [name, value] of query) {
    if (name === 'ssl' ? !isProfile(value) : /ssl|tls/i.test(name)) throw new BadAddress(encrypted)
  }
}

function isProfile(value: string): boolean {
  try {
    const read: unknown = JSON.parse(value)
    return typeof read === 'object' && read !== null && !Array.isArray(read)
  } catch {
    // The driver has profiles of its own by name, and says so where there is none.
    return value.startsWith('Amazon')
  }
}

const isHost = (text: string) => hostForm.test(text) && URL.canParse(`mysql://${text}`)

/** Why an address of one host is none. A sign of a password that divides leaves an @ behind it. */
function whyUnreadable(text: string): string {
  const [, user, host = '', rest = ''] = form.exec(text.trim()) ?? []
  if (user !== undefined && /^(?::|$)/.test(host)) return hostless
  if (host === '' || rest.includes('@') || isHost(host)) return unreadable
  return `has a host that ${notOne}; several have commas between them`
}

function readOne(text: string): DatabaseHost {
  if (!/^\s*mysql:/i.test(text)) throw new BadAddress(beginning)
  if (!URL.canParse(text)) throw new BadAddress(whyUnreadable(text))
  const { hostname, port, pathname, username, password, searchParams } = new URL(text)
  if (pathname.length < 2) throw new BadAddress(nameless)
  if (/[,/]/.test(pathname.slice(1))) throw new BadAddress(divided)
  if (!decodes(hostname, pathname, username, password)) throw new BadAddress(unreadable)
  refuseUnknownTls(searchParams)
  const socket = searchParams.get('socketPath')
  return { name: socket ?? `${hostname || 'localhost'}:${port || usualPort}`, url: text }
}

const refuseOne = (place: number, why: string): never => {
  throw new BadAddress(`its host number ${place} ${why}`)
}

function readSeveral(user: string, hosts: string[], rest: string): DatabaseHost[] {
  const { hostsMax } = limits.db.hosts
  if (hosts.length > hostsMax) throw new BadAddress(`names more than ${hostsMax} hosts`)
  const names = new Set<string>()
  return hosts.map((text, i) => {
    const place = i + 1
    const one = text.trim()
    if (one === '') refuseOne(place, 'is empty: there is a comma too many')
    if (!isHost(one)) refuseOne(place, notOne)
    const host = readOne(`mysql://${user}${one}${rest}`)
    if (new URL(host.url).searchParams.has('socketPath'))
      throw new BadAddress('names several hosts and a socketPath, which is one of this machine')
    const name = host.name.toLowerCase()
    if (names.has(name)) refuseOne(place, 'is there twice')
    names.add(name)
    return host
  })
}

/**
 * The hosts of `mysql://user:password@host1:3306,host2:3306/database`, in their order; most have
 * one. Throws where it is none: `addressFault` says why.
 */
export function readDatabaseHosts(address: string): DatabaseHost[] {
  const [, user, hosts = '', rest = ''] = form.exec(address.trim()) ?? []
  if (userAgainForm.test(user ?? '')) throw new BadAddress(userAgain)
  if (!hosts.includes(',')) return [readOne(address)]
  return readSeveral(user === undefined ? '' : `${user}@`, hosts.split(','), rest)
}

/** What is wrong with an address, in words that hold nothing of it; undefined where it is right. */
export function addressFault(address: string): string | undefined {
  try {
    readDatabaseHosts(address)
    return undefined
  } catch (error) {
    if (error instanceof BadAddress) return error.message
    throw error
  }
}
