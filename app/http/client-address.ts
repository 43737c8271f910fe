import type { IncomingMessage } from 'node:http'
import { limits } from '../config/limits.ts'
import { addressOf, isInRanges, type AddressRange } from '../values/keys/addresses.ts'

type Heard = Pick<IncomingMessage, 'headers'> & { socket: { remoteAddress?: string | undefined } }

/** What the thread of the API tells the pages; nobody else can reach the socket that they are behind. */
const passedHeader = 'x-relay-client-address'

/** One entry of the header, where some proxies write the port as well; undefined for anything else. */
function hopOf(text: string): string | undefined {
  const bare = text.trim()
  const [, inBrackets, v4] = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/.exec(bare) ?? []
  return addressOf(inBrackets ?? v4 ?? bare)
}

/**
 * Where a request came from: the address at the other end of the connection, and where that is a
 * proxy which the configuration names, whom that proxy has heard it from, and so on. What a proxy
 * that nobody has named says, and what is written further left than that, anybody could have sent.
 * Where a proxy says what is no address, it is the proxy's own.
 */
export function clientAddress(
  { headers, socket }: Heard,
  trusted: readonly AddressRange[],
): string {
  const { remoteAddress = '' } = socket
  let address = addressOf(remoteAddress) ?? ''
  if (trusted.length === 0) return address
  // Node has joined what came in several headers, in their order.
  const said = headers['x-forwarded-for']
  if (said === undefined) return address
  const hops = String(said).split(',').slice(-limits.addresses.proxiesMax)
  while (isInRanges(address, trusted)) {
    const next = hops.pop()
    const hop = next === undefined ? undefined : hopOf(next)
    if (hop === undefined) return address
    address = hop
  }
  return address
}

/** Has a request say to the pages where it came from, whatever it said itself. */
export function tellClientAddress(incoming: Heard, trusted: readonly AddressRange[]) {
  incoming.headers[passedHeader] = clientAddress(incoming, trusted)
}

/** What was told of a request that is on its way to the pages. */
export function passedAddress({ headers, socket }: Heard): string | undefined {
  const told = headers[passedHeader]
  return typeof told === 'string' ? told : socket.remoteAddress
}

/** The same at the pages: behind a socket of the file system only the thread of the API has a say. */
export function toldClientAddress(incoming: Heard, trusted: readonly AddressRange[]): string {
  const isPassed = incoming.socket.remoteAddress === undefined
  return (isPassed && passedAddress(incoming)) || clientAddress(incoming, trusted)
}
