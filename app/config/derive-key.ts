import { hkdfSync } from 'node:crypto'

/** A key of its own for each purpose, so that what one cookie proves says nothing about another. */
export const deriveKey = (
  { SESSION_SECRET }: { SESSION_SECRET: string },
  purpose: string,
): Buffer => Buffer.from(hkdfSync('sha256', SESSION_SECRET, '', `ai-api-relay ${purpose}`, 32))
