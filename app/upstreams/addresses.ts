import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Who answers at an address: anybody on the internet; one's own machines; or nobody whom calls may
 * ever go to, such as what tells a cloud's machine its credentials.
 */
type Reach = 'public' | 'private' | 'never'

const range = (text: string) => ipaddr.parseCIDR(text)

/** Of one's own network all the same, and never called: what hosts of clouds tell their machines. */
const metadata = [
  '100.100.100.200/32', // Alibaba Cloud
  '168.63.129.16/32', // Azure
  'fd00:ec2::/32', // AWS
  'fd20:ce::254/128', // Google Cloud
].map(range)
/** For benchmarks, and where local proxies make up addresses for all names that they answer for. */
const benchmarks = range('198.18.0.0/15')
/** All that has been given to anybody in IPv6. */
const global = range('2000::/3')

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, [base, bits]: ReturnType<typeof range>) =>
  address.kind() === base.kind() && address.match(base, bits)

function reachOfV4(address: ipaddr.IPv4): Reach {
  if (metadata.some((it) => isIn(address, it))) return 'never'
  if (isIn(address, benchmarks)) return 'private'
  const kind = address.range()
  if (kind === 'unicast') return 'public'
  return ['private', 'loopback', 'carrierGradeNat'].includes(kind) ? 'private' : 'never'
}

/** The last four bytes: where mapped and translated addresses have the one that is meant. */
const lastFour = (address: ipaddr.IPv6) => new ipaddr.IPv4(address.toByteArray().slice(12))
/** An address of version 4 in the lower half, to which a tunnel would lead (ISATAP). */
const isTunnelled = ({ parts }: ipaddr.IPv6) =>
  parts[5] === 0x5efe && (parts[4] === 0 || parts[4] === 0x200)
/** What hosts that have version 6 alone reach version 4 by (RFC 6052). */
const translated = range('64:ff9b::/96')

function reachOfV6(address: ipaddr.IPv6): Reach {
  // The name of one's own interface, which means something on this machine only.
  if (address.zoneId !== undefined || metadata.some((it) => isIn(address, it))) return 'never'
  if (address.isIPv4MappedAddress() || isIn(address, translated))
    return reachOfV4(lastFour(address))
  const kind = address.range()
  if (['loopback', 'uniqueLocal', 'deprecatedSiteLocal'].includes(kind)) return 'private'
  return kind === 'unicast' && isIn(address, global) && !isTunnelled(address) ? 'public' : 'never'
}

function reachOf(text: string): Reach {
  if (!ipaddr.isValid(text)) return 'never'
  const address = ipaddr.parse(text)
  return address instanceof ipaddr.IPv4 ? reachOfV4(address) : reachOfV6(address)
}

const mayReach = (reach: Reach, isPrivate: boolean) =>
  reach === 'public' || (reach === 'private' && isPrivate)

/** Names that mean a machine of one's own, wherever they lead. */
const ownName = /^[^.]+$|(^|\.)(localhost|local|localdomain|internal|intranet|lan|home\.arpa)$/
const metadataName = /^(metadata|instance-data)(\.|$)/

/**
 * Where the host of an address leads as far as that can be told before it is looked up. `host` is as
 * `URL` has it, which writes every form of an address of version 4 (whole, octal, hexadecimal) in
 * its usual one.
 */
export function reachOfHost(host: string): Reach {
  const [, inBrackets] = /^\[(.*)\]$/.exec(host) ?? []
  const address = inBrackets ?? host
  if (ipaddr.isValid(address)) return reachOf(address)
  if (metadataName.test(host)) return 'never'
  return ownName.test(host) ? 'private' : 'public'
}

/**
 * What is wrong with the host of an upstream's address, in words that follow its name; undefined
 * where nothing is.
 */
export function faultOfHost(host: string, isPrivate: boolean): string | undefined {
  const reach = reachOfHost(host)
  if (reach === 'never') return `must hold another host: ${host} is no place that calls may go to`
  return reach === 'private' && !isPrivate
    ? `must hold a public host, or the upstream must be private: ${host} is on one's own network`
    : undefined
}

/** A name of an upstream's address leads somewhere that calls may not go to. */
class AddressRefused extends Error {
  override name = 'AddressRefused'
  readonly code = 'upstream_address'
}

type Resolve = (
  host: string,
  options: LookupOptions & { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void

/**
 * How sockets to an upstream find where to go. Every name is resolved anew for each of them, all
 * its addresses are looked at, and what is dialled is one that was looked at: a name that leads
 * somewhere else the next time gains nothing. One that may not be reached refuses them all, for
 * whoever answers with both means no good. Nobody looks up what is an address already: that is
 * `faultOfHost`'s.
 */
export const checkedLookup =
  (isPrivate: boolean, resolve: Resolve = lookup): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, found) => {
      const [first] = found ?? []
      const bad = error ? undefined : found.find((it) => !mayReach(reachOf(it.address), isPrivate))
      if (error) done(error, [])
      else if (bad) done(new AddressRefused(`${host} leads to ${bad.address}`), [])
      else if (!first) done(new AddressRefused(`${host} leads nowhere`), [])
      else if (options.all) done(null, found)
      else done(null, first.address, first.family)
    })
  }
