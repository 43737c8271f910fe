import { createHash } from 'node:crypto'
import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'

const { spentMinutesKept } = limits.auth

/**
 * Uses up what works a single time: true for exactly one of all who bring the same text for the
 * same purpose, however they race. What is spent must stop working by itself within half the time
 * that it is kept here.
 */
export async function spendOnce(
  db: Db,
  purpose: string,
  text: string,
  minutes: number = spentMinutesKept,
): Promise<boolean> {
  const digest = createHash('sha256').update(`${purpose}\n${text}`).digest()
  return (await run(db, 'auth/spend-once', { digest, minutes })) === 1
}
