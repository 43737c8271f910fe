import { faultOf } from '../db/db.server.ts'

// Access denied; no such database.
const refusesUs = new Set([1044, 1045, 1049, 1698])
const noTable = 1146

/**
 * Says in words why the database cannot be worked with; undefined where the error is of another
 * kind. The address stays out of the words: it has a password in it.
 */
export function databaseTrouble(error: unknown): string | undefined {
  const { errno, code } = error as { errno?: number; code?: string }
  if (errno === noTable) return 'The database lacks tables of this version: start the relay once.'
  if (errno !== undefined && refusesUs.has(errno))
    return `The database of DATABASE_URL refuses this user, password or database name (${code}).`
  const fault = faultOf(error)
  if (fault === 'refused') return undefined
  if (fault === 'again') return `The database of DATABASE_URL is too busy; try again (${code}).`
  return `The database of DATABASE_URL cannot be reached (${code ?? 'no answer'}).`
}
