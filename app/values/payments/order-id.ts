import { randomBytes } from 'node:crypto'

const bytes = 16

/** 128 bits that nobody guesses; providers know an order by them. */
export const newOrderId = (): Buffer => randomBytes(bytes)

/** 32 digits, which is as long a number as providers of epay's kind take. */
export const formatOrderId = (id: Uint8Array): string => Buffer.from(id).toString('hex')

export const parseOrderId = (text: string): Buffer | undefined =>
  /^[\da-f]{32}$/.test(text) ? Buffer.from(text, 'hex') : undefined
