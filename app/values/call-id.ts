import { randomFillSync } from 'node:crypto'
import { asBuffer } from './as-buffer.ts'

// The generator costs far more to ask than its bytes do (measured): it is asked once for many ids.
const randomBytesAnId = 10
const pool = Buffer.alloc(256 * randomBytesAnId)
let poolAt = pool.length

/**
 * A new call's id: UUID version 7 (RFC 9562, section 5.7), whose first 48 bits are the milliseconds
 * since 1970 and whose other 74 are random. So ids sort by time and `calls` is partitioned by them.
 */
export function newCallId(nowMs: number): Buffer {
  const id = Buffer.allocUnsafe(16)
  if (poolAt === pool.length) {
    randomFillSync(pool)
    poolAt = 0
  }
  for (let at = 6; at < 16; at++) id[at] = pool[poolAt++]! // The pool is filled whole ids at a time.
  id.writeUIntBE(nowMs, 0, 6)
  // Both lie within its 16 bytes.
  id[6] = (id[6]! & 0x0f) | 0x70
  id[8] = (id[8]! & 0x3f) | 0x80
  return id
}

/** The id as people and clients see it: 36 lower-case characters. */
export function formatCallId(id: Uint8Array): string {
  if (id.length !== 16) throw new RangeError('a call id has 16 bytes')
  const hex = asBuffer(id).toString('hex')
  const part = (from: number, to: number) => hex.slice(from, to)
  return `${part(0, 8)}-${part(8, 12)}-${part(12, 16)}-${part(16, 20)}-${part(20, 32)}`
}

/** The bytes of an id as `formatCallId` writes it, in either case; undefined for anything else. */
export function parseCallId(text: string): Buffer | undefined {
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return undefined
  return Buffer.from(text.replaceAll('-', ''), 'hex')
}
