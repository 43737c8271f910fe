import { faultOf } from '../errors/faults.ts'
import { NoHost } from './no-host.ts'

const noTable = 1146
const noColumn = 1054

/** What the server itself says no to, by its error number, and what to do about it. */
const refusals: Record<number, string> = {
  1044: 'this user may not use that database; grant it the rights it needs there',
  1045: 'the server refuses this user or password; set the right ones',
  1049: 'the server has no database of that name; create it, or set the right name',
  1130: 'the server lets nobody in from this machine; allow it there, or set another host',
  1142: 'this user lacks a right on that database; grant it all that are on one database',
  1251: 'the server wants another kind of sign-in than the driver has',
  1698: 'the server refuses this user or password; set the right ones',
}

const full = 'the database has no room left; make some on its disk, or let its files grow'
const readOnly = 'the database is read-only; set the server that writes, or let this one write'
const crowded = 'the database has all the connections it takes; let it take more, or end some'

/** What keeps the server from it now, by its error number. */
const states: Record<number, string> = {
  1021: full,
  1026: full,
  1040: crowded,
  1114: full,
  1203: crowded,
  1226: crowded,
  1290: readOnly,
  1836: readOnly,
  3675: full,
}

/** What became of the way there, by its error code. */
const ways: Record<string, string> = {
  EAI_AGAIN: 'its host cannot be looked up; set the right host, or see to the name server',
  ECONNREFUSED: 'nothing listens there; start the database, or set the right host and port',
  ENOENT: 'there is no such socket; start the database, or set the right socketPath',
  ENOTFOUND: 'there is no host of that name; set the right one',
}

/**
 * Why a server cannot be worked with, and what to do; undefined where the error is of another kind.
 */
export function whyNot(error: unknown): string | undefined {
  const { errno, code } = error as { errno?: number; code?: string }
  const refused = errno === undefined ? undefined : refusals[errno]
  if (refused !== undefined) return `${refused} (${code})`
  const state = errno === undefined ? undefined : states[errno]
  if (state !== undefined) return `${state} (${code})`
  const fault = faultOf(error)
  if (fault === 'refused') return undefined
  if (fault === 'unable') return `the database cannot do this now; its own log says why (${code})`
  if (fault === 'again') return `the database is too busy; try again (${code})`
  const way = ways[code ?? ''] ?? 'cannot be reached; start the database, or set the right address'
  return `${way} (${code ?? 'no answer'})`
}

/**
 * Says in words why the database cannot be worked with, and what to do; undefined where the error
 * is of another kind. The address stays out of the words: it has a password in it. Where it has
 * several hosts, each is named.
 */
export function databaseTrouble(error: unknown): string | undefined {
  if (error instanceof NoHost) return `DATABASE_URL: ${error.message}`
  const { errno } = error as { errno?: number }
  if (errno === noTable || errno === noColumn)
    return 'The database lacks tables or columns of this version: start the relay once.'
  const why = whyNot(error)
  return why === undefined ? undefined : `DATABASE_URL: ${why}.`
}
