import type { IncomingMessage } from 'node:http'
import { limits } from '../config/limits.ts'
import { addressOf, isInRanges, type AddressRange } from '../values/keys/addresses.ts'

type Heard = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }

/**
 * Tells of each address that speaks for others and that no configuration names, once, and of a few
 * in all: a proxy that was forgotten makes one address of all who come through it, and nobody would
 * know why they are told to wait. Anybody may write such a header, so that it proves no proxy.
 */
export function createProxyDoubts(
  trusted: readonly AddressRange[],
  tell: (address: string) => void,
): (incoming: Heard) => void {
  const told = new Set<string>()
  return ({ headers, socket }) => {
    if (headers['x-forwarded-for'] === undefined) return
    if (told.size >= limits.addresses.doubtedProxiesMax) return
    const address = addressOf(socket.remoteAddress ?? '')
    if (address === undefined || told.has(address) || isInRanges(address, trusted)) return
    told.add(address)
    tell(address)
  }
}
