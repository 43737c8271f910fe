import { createHash, timingSafeEqual } from 'node:crypto'

const isSigned = ([name, value]: [string, string]) =>
  value !== '' && name !== 'sign' && name !== 'sign_type'

/**
 * The signature of epay's gateways: MD5 of all that is not empty, in the order of the names, with the
 * merchant's key behind it. That is their protocol; what it is worth is why nothing is credited for it.
 */
export function signatureOf(params: URLSearchParams, key: string): string {
  const parts = [...params]
    .filter(isSigned)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
  return createHash('md5')
    .update(parts.join('&') + key)
    .digest('hex')
}

/** Whether whoever made these knows the key. A name that comes twice means two things, and so none. */
export function isSignedBy(params: URLSearchParams, key: string): boolean {
  const names = [...params.keys()]
  const sign = params.get('sign') ?? ''
  if (new Set(names).size !== names.length || !/^[\da-f]{32}$/i.test(sign)) return false
  return timingSafeEqual(Buffer.from(signatureOf(params, key)), Buffer.from(sign.toLowerCase()))
}
