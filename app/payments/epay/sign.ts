import { createHash, timingSafeEqual } from 'node:crypto'

const isSigned = ([name, value]: [string, string]) =>
  value !== '' && name !== 'sign' && name !== 'sign_type'

/** All that is signed, as one text: whatever else comes with it anybody may have written. */
const signedText = (params: URLSearchParams) =>
  [...params]
    .filter(isSigned)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')

/**
 * The signature of epay's gateways: MD5 of all that is not empty, in the order of the names, with the
 * merchant's key behind it. That is their protocol; what it is worth is why nothing is credited for it.
 */
export const signatureOf = (params: URLSearchParams, key: string): string =>
  createHash('md5')
    .update(signedText(params) + key)
    .digest('hex')

/**
 * Names an event by the text that is signed: gateways send the same one again until they are
 * answered, and of one signature nobody can make two events, however they cut it into fields.
 */
export const eventIdOf = (params: URLSearchParams): string =>
  createHash('sha256').update(signedText(params)).digest('hex').slice(0, 40)

/** Whether whoever made these knows the key. A name that comes twice means two things, and so none. */
export function isSignedBy(params: URLSearchParams, key: string): boolean {
  const names = [...params.keys()]
  const sign = params.get('sign') ?? ''
  if (new Set(names).size !== names.length || !/^[\da-f]{32}$/i.test(sign)) return false
  return timingSafeEqual(Buffer.from(signatureOf(params, key)), Buffer.from(sign.toLowerCase()))
}
