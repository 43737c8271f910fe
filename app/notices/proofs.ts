import { createHmac, timingSafeEqual } from 'node:crypto'
import { deriveKey } from '../config/derive-key.ts'

type Secrets = { SESSION_SECRET: string }

const proofOf = (secrets: Secrets, purpose: string, of: string) =>
  createHmac('sha256', deriveKey(secrets, purpose)).update(of).digest('base64url')

const isEqual = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

/** Who reads it at the address, has read it there: nothing of it is kept but the nonce. */
export const addressProof = (secrets: Secrets, userId: number, nonce: Uint8Array) =>
  proofOf(secrets, 'notice addresses', `${userId} ${Buffer.from(nonce).toString('hex')}`)

export const isAddressProof = (
  secrets: Secrets,
  { userId, nonce, proof }: { userId: number; nonce: Uint8Array; proof: string },
) => isEqual(proof, addressProof(secrets, userId, nonce))

/** Whose mails of which account are to stop. */
export type Stop = { accountId: number; userId: number }

const stopProof = (secrets: Secrets, { accountId, userId }: Stop) =>
  proofOf(secrets, 'notices that stop', `${accountId} ${userId}`)

/** The query of the link that every mail ends with; it does nothing but stop them. */
export const stopQuery = (secrets: Secrets, stop: Stop) =>
  `?account=${stop.accountId}&user=${stop.userId}&proof=${stopProof(secrets, stop)}`

/** What such a query asks for; undefined where it is not one of ours. */
export function readStop(secrets: Secrets, query: URLSearchParams): Stop | undefined {
  const whole = (name: string) => {
    const text = query.get(name) ?? ''
    return /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
  }
  const [accountId, userId] = [whole('account'), whole('user')]
  if (accountId === undefined || userId === undefined) return undefined
  const stop = { accountId, userId }
  return isEqual(query.get('proof') ?? '', stopProof(secrets, stop)) ? stop : undefined
}
