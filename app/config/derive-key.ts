import { hkdfSync } from 'node:crypto'
import type { Env } from './env.ts'

/** A key of its own for each purpose, so that what one cookie proves says nothing about another. */
export const deriveKey = (
  { SESSION_SECRET }: Pick<Env, 'SESSION_SECRET'>,
  purpose: string,
): Buffer => Buffer.from(hkdfSync('sha256', SESSION_SECRET, '', `ai-api-relay ${purpose}`, 32))
