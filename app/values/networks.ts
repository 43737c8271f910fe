import { BlockList, isIP } from 'node:net'

const form = /^([\d.]+|[\da-f:]*:[\da-f:.]*)(?:\/(\d{1,3}))?$/i
const mapped = /^::ffff:(?=[\d.]+$)/i

/** An IPv4 address may come as IPv6 has it. */
export const plainAddress = (address: string) => address.replace(mapped, '')

/** A network as people write it, `10.0.0.0/8` or one address; undefined where it is none. */
export function networkOf(text: string): string | undefined {
  const [, address = '', bits] = form.exec(text) ?? []
  const most = { 4: 32, 6: 128 }[isIP(address)]
  // Of addresses of the other kind within IPv6 everybody understands something else.
  if (most === undefined || (most === 128 && address.includes('.'))) return undefined
  const prefix = bits === undefined ? most : Number(bits)
  if (prefix > most) return undefined
  return prefix === most ? address.toLowerCase() : `${address.toLowerCase()}/${prefix}`
}

function blockListOf(networks: string): BlockList {
  const list = new BlockList()
  for (const network of JSON.parse(networks) as string[]) {
    const [address = '', prefix] = network.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (prefix === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(prefix), family)
  }
  return list
}

/** What is asked about again and again is read once. */
const keptMax = 1_000
const kept = new Map<string, BlockList>()

/** Whether a list of networks, as JSON, holds an address. */
export function isWithin(networks: string, address: string): boolean {
  let list = kept.get(networks)
  if (!list) {
    list = blockListOf(networks)
    if (kept.size >= keptMax) kept.clear()
    kept.set(networks, list)
  }
  const plain = plainAddress(address)
  const version = isIP(plain)
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}
