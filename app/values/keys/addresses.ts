import { isIPv4, isIPv6 } from 'node:net'
import ipaddr from 'ipaddr.js'

type Parsed = ipaddr.IPv4 | ipaddr.IPv6

/** The addresses that begin with the same bits, such as 10.0.0.0/8; one alone has all of them. */
export type AddressRange = {
  first: Parsed
  bits: number
  /** In the one way that it is written. */
  text: string
}

/** Bits of an IPv4 address that is written as one of IPv6, before its own. */
const mappedBits = 96

/** What is no address is none; the library would take what C does, octal and hex and two numbers. */
function parse(text: string): Parsed | undefined {
  if (isIPv4(text)) return ipaddr.IPv4.parse(text)
  if (!isIPv6(text)) return undefined
  return ipaddr.IPv6.parse(text.replace(/%.*/s, ''))
}

/** IPv4 as it is, however it came. */
function plain(address: Parsed): Parsed {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress()
    ? address.toIPv4Address()
    : address
}

/** An address in the one way that it is written; undefined for what is none. */
export function addressOf(text: string): string | undefined {
  const parsed = parse(text)
  return parsed && plain(parsed).toString()
}

const bitsOf = (address: Parsed) => (address instanceof ipaddr.IPv4 ? 32 : 128)

/** An address with its bits from so many on zero. */
function masked(address: Parsed, bits: number): Parsed {
  const bytes = address.toByteArray().map((byte, at) => {
    const kept = Math.min(8, Math.max(0, bits - at * 8))
    return byte & (0xff << (8 - kept))
  })
  return ipaddr.fromByteArray(bytes)
}

/** Reads `10.0.0.0/8`, `2001:db8::/32` or a single address; undefined for anything else. */
export function parseRange(text: string): AddressRange | undefined {
  const [address = '', bitsText, ...more] = text.split('/')
  const written = parse(address)
  if (!written || more.length > 0) return undefined
  const given = bitsText ?? String(bitsOf(written))
  if (!/^(0|[1-9]\d{0,2})$/.test(given) || Number(given) > bitsOf(written)) return undefined
  const whole = plain(written)
  const bits = Number(given) - (whole === written ? 0 : mappedBits)
  if (bits < 0) return undefined
  const first = masked(whole, bits)
  const isOne = bits === bitsOf(first)
  return { first, bits, text: isOne ? first.toString() : `${first.toString()}/${bits}` }
}

/** Whether an address is in one of these ranges; text that is no address is in none. */
export function isInRanges(text: string, ranges: readonly AddressRange[]): boolean {
  const parsed = ranges.length > 0 ? parse(text) : undefined
  if (!parsed) return false
  const address = plain(parsed)
  return ranges.some(
    ({ first, bits }) => first.kind() === address.kind() && address.match(first, bits),
  )
}
