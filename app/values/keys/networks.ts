import { isIP } from 'node:net'

const form = /^([\d.]+|[\da-f:]*:[\da-f:.]*)(?:\/(\d{1,3}))?$/i
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
