import type { SecureContextOptions } from 'node:tls'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { run, type Pool } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'
import { oneByOne } from '../values/one-by-one.ts'
import { deliver, type Due, type Senders, type Tried } from './deliver.ts'
import { Mailer } from './mail.ts'
import { spread } from './spread.ts'
import { HookCaller } from './webhook-call.ts'

/** For which tests have no time. */
type Pace = { leaseSeconds: number; retrySeconds: readonly number[] }

type Parts = { db: Pool; env: Env; log: Log; pace?: Pace; tls?: SecureContextOptions }

/** So many at once; a failure is thrown when all are done, for whoever repeats the turn to note. */
async function inLines<T>(lines: number, items: T[], work: (item: T) => Promise<void>) {
  const rest = items.values()
  const ends = Array.from({ length: lines }, () => oneByOne(rest, work))
  const failed = (await Promise.allSettled(ends)).find((it) => it.status === 'rejected')
  if (failed) throw failed.reason
}

/** All of the operator's, and so many of each account: the others wait for the next turn. */
function fairly(due: Due[], each: number): Due[] {
  const counts = new Map<number, number>()
  return due.filter(({ accountId }) => {
    if (accountId === null) return true
    const count = (counts.get(accountId) ?? 0) + 1
    counts.set(accountId, count)
    return count <= each
  })
}

/**
 * Sends what people are to be told. Any number of relays may do it at once: each delivery is taken
 * by one of them, for longer than it may take to send. Who dies between sending and noting it has
 * it sent once more, under the same id: at least once, never lost.
 */
export class Notifier {
  private readonly senders: Senders
  private readonly pace: Pace

  constructor(private readonly parts: Parts) {
    const { db, env, pace = limits.notices, tls } = parts
    const { SMTP_URL, MAIL_FROM } = env
    const mailer = SMTP_URL && MAIL_FROM && new Mailer({ ...env, SMTP_URL, MAIL_FROM }, tls)
    this.senders = { db, env, mailer, hooks: new HookCaller(env) }
    this.pace = pace
  }

  /** Takes on what is new, and sends what is due. */
  async turn(): Promise<void> {
    const { db, env } = this.parts
    const { anAccountAtOnce, dueAtOnce, sendingAtOnce } = limits.notices
    const send = async () => {
      const due = await run(db, 'notices/list-due', { rows: dueAtOnce })
      await inLines(sendingAtOnce, fairly(due, anAccountAtOnce), (one) => this.trySending(one))
    }
    await oneByOne([() => spread(db, env), send], (part) => part())
  }

  close(): Promise<void> {
    return this.senders.hooks.close()
  }

  private async trySending(due: Due): Promise<void> {
    const { db } = this.parts
    const { noticeId, channel, userId, tries } = due
    const seconds = this.pace.leaseSeconds
    const row = { noticeId, channel, userId }
    // Another relay has it.
    if ((await run(db, 'notices/claim', { ...row, tries, seconds })) === 0) return
    await this.note(due, await deliver(this.senders, due))
  }

  private async note(due: Due, tried: Tried): Promise<void> {
    const { db, log } = this.parts
    const { noticeId, channel, userId, kind, accountId } = due
    const row = { noticeId, channel, userId }
    if (tried.outcome === 'sent') {
      await run(db, 'notices/mark-ended', { ...row, state: 'sent', code: null })
      return
    }
    const { code, isForGood } = tried
    const tries = due.tries + 1
    const seconds = this.pace.retrySeconds[due.tries]
    if (!isForGood && seconds !== undefined) {
      await run(db, 'notices/put-off', { ...row, tries, seconds, code })
      return
    }
    await run(db, 'notices/mark-ended', { ...row, state: 'given up', code })
    if (code !== 'unwanted')
      log.warn('notice_given_up', { kind, channel, account: accountId, tries, code })
  }
}
