import type { Connection, RowDataPacket } from 'mysql2/promise'

import { limits } from '../config/limits.ts'
import {
  closeSession,
  inTurn,
  openSession,
  type DatabaseAddress,
  type Turn,
} from '../db/db.server.ts'
import { dayOf, firstIdOf } from '../values/days.ts'

const { alterTriesMax, alterLockSecondsMax, monthsAhead } = limits.usage

/** One month of `calls`: everything below `beforeId` that no earlier one has. */
export type Partition = {
  name: string
  /** The first day after it; undefined for the last one, which takes what is to come. */
  beforeDay: string | undefined
}

const lockWaitTimeout = 1205

/** The first day of the month that is so many months after (or before) the one of `at`. */
export const monthStart = (at: Date, months = 0): string =>
  dayOf(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months))

const nameOf = (month: string) => `p${month.slice(0, 4)}${month.slice(5, 7)}`
const after = (month: string) => monthStart(new Date(month), 1)
/** A partition is named for its month, and ends with it. */
const define = (month: string) =>
  `partition ${nameOf(month)} values less than (x'${firstIdOf(after(month)).toString('hex')}')`

/** Months from the first to the last, both included. */
function monthsFrom(first: string, last: string): string[] {
  const months: string[] = []
  for (let month = first; month <= last; month = after(month)) months.push(month)
  return months
}

/** The partitions of `calls`, oldest first. */
async function readPartitions(db: Connection): Promise<Partition[]> {
  const [rows] = await db.query<RowDataPacket[]>(
    `select partition_name as name from information_schema.partitions
      where table_schema = database() and table_name = 'calls' order by partition_ordinal_position`,
  )
  return rows.map(({ name }) => {
    const [, year, month] = /^p(\d{4})(\d\d)$/.exec(String(name)) ?? []
    return { name: String(name), beforeDay: year ? after(`${year}-${month}-01`) : undefined }
  })
}

async function alter({ db, keep }: Turn, text: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    await keep()
    try {
      await db.query(`alter table calls ${text}`)
      return
    } catch (error) {
      if ((error as { errno?: number }).errno !== lockWaitTimeout || tries === alterTriesMax)
        throw error
    }
  }
}

type Alter = (text: string) => Promise<void>

/**
 * Changes partitions on a connection of its own, one process at a time, without holding calls up.
 * `work` answers undefined where nothing is to be done; then no turn is waited for.
 */
export async function changePartitions<T>(
  address: DatabaseAddress,
  work: (partitions: Partition[]) => ((alterCalls: Alter) => Promise<T>) | undefined,
): Promise<T | undefined> {
  const db = await openSession(address)
  const isDue = await readPartitions(db)
    .then((partitions) => work(partitions) !== undefined)
    .finally(() => closeSession(db))
  if (!isDue) return undefined
  return inTurn(address, 'partitions', async (turn) => {
    await turn.db.query(`set session lock_wait_timeout = ${alterLockSecondsMax}`)
    // Whoever had the turn before may have done it all.
    return work(await readPartitions(turn.db))?.((text) => alter(turn, text))
  })
}

/**
 * Makes the monthly partitions of `calls` up to half a year ahead of `now`, and, for calls brought
 * in from before the first one, back to `oldest`. Safe on several replicas at once. Answers the
 * names of what it made.
 */
export async function ensurePartitions(
  address: DatabaseAddress,
  { now, oldest = now }: { now: Date; oldest?: Date },
): Promise<string[]> {
  const made = await changePartitions(address, (partitions) => {
    const monthly = partitions.filter(({ beforeDay }) => beforeDay !== undefined)
    const [first, last] = [monthly[0], monthly.at(-1)]
    if (!first?.beforeDay || !last?.beforeDay) throw new Error('calls has no monthly partitions')
    const firstMonth = monthStart(new Date(first.beforeDay), -1)
    const ahead = monthsFrom(last.beforeDay, monthStart(now, monthsAhead))
    const back = monthsFrom(monthStart(oldest), monthStart(new Date(firstMonth), -1))
    if (ahead.length + back.length === 0) return undefined
    return async (alterCalls) => {
      const rest = 'partition pmax values less than (maxvalue)'
      if (ahead.length) await alterCalls(reorganize('pmax', [...ahead.map(define), rest]))
      if (back.length) await alterCalls(reorganize(first.name, [...back, firstMonth].map(define)))
      return [...back, ...ahead].map(nameOf)
    }
  })
  return made ?? []
}

const reorganize = (name: string, parts: string[]) =>
  `reorganize partition ${name} into (${parts.join(', ')})`
