import { BlockList, isIP } from 'node:net'
import { limits } from '../../config/limits.ts'

const { addressListsKept } = limits.ledger

const mapped = /^::ffff:(?=[\d.]+$)/i

/** An IPv4 address may come as IPv6 has it. */
const plainAddress = (address: string) => address.replace(mapped, '')

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

/** What is asked about with every call is read once. */
const kept = new Map<string, BlockList>()

/** Whether a list of networks, as JSON, holds an address. */
export function isWithin(networks: string, address: string): boolean {
  let list = kept.get(networks)
  if (!list) {
    list = blockListOf(networks)
    if (kept.size >= addressListsKept) kept.clear()
    kept.set(networks, list)
  }
  const plain = plainAddress(address)
  const version = isIP(plain)
  return version !== 0 && list.check(plain, version === 4 ? 'ipv4' : 'ipv6')
}
