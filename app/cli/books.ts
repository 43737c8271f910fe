import { randomBytes } from 'node:crypto'
import { logAdmin } from '../admin/admin.server.ts'
import { readCosts } from '../catalog/catalog.server.ts'
import { limits } from '../config/limits.ts'
import { createLedger, repairTotals, sweep, verify } from '../ledger/ledger.server.ts'
import { noteDifferences } from '../notices/notices.server.ts'
import { clockNow } from '../values/clock.ts'
import { done, table, type VerbResult } from './verb-result.ts'
import type { Verb } from './verb.ts'
import type { Context } from './context.ts'

const verifyVerb: Verb = {
  usage: 'verify',
  does:
    'Recompute all books and the cost of every call, and see that entries stand in the order of time; ' +
    'exit 1 and print each difference where there is one',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const { differences, ...counts } = await verify(pool, readCosts)
      const { accounts, entries, calls, holds } = counts
      const looked = `${accounts} accounts, ${entries} entries, ${calls} calls, ${holds} open holds`
      const document = { clean: differences.length === 0, ...counts, differences }
      if (differences.length === 0) return done(document, `The books agree: ${looked}.`)
      const rows = differences.map(({ check, subject, expected, found }) => [
        check,
        subject,
        expected,
        found,
      ])
      const list = table(['check', 'subject', 'expected', 'found'], rows)
      // A copy that was restored may take no writes: then this is all that anybody is told.
      const told = await noteDifferences(pool, differences.length, clockNow()).then(
        () => 'The operator is told, where mail or a webhook is set.',
        () => 'Nobody else is told: this database takes no notice of it.',
      )
      const text = `${list}\n${differences.length} differences in ${looked}. ${told}`
      return { exitCode: 1, document, text }
    },
}

async function sweepOnce(context: Context, staleSeconds: number): Promise<VerbResult> {
  // The ledger must have an id, but it opens no hold of its own and so needs no heartbeat.
  const relayId = randomBytes(16)
  const ledger = createLedger(context.hosts, { relayId, limits: limits.ledger })
  try {
    const released = await sweep(context.pool, ledger, { silentSeconds: staleSeconds })
    if (released > 0) {
      const detail = { released, stale_seconds: staleSeconds }
      await logAdmin(context.pool, {
        actor: context.actor,
        action: 'sweep',
        subject: 'holds',
        detail,
      })
    }
    const document = { released, stale_seconds: staleSeconds }
    return done(document, `Released ${released} ${released === 1 ? 'hold' : 'holds'}.`)
  } finally {
    await ledger.close()
  }
}

const sweepVerb: Verb = {
  usage: 'sweep [--stale-seconds N]',
  does:
    `Release the holds of relays silent for N seconds (${limits.ledger.heartbeatSecondsMax}); ` +
    'fewer may release holds of running relays',
  prepare(args) {
    const staleSeconds = args.whole(
      'stale-seconds',
      limits.ledger.heartbeatSecondsMax,
      0,
      1_000_000,
    )
    return (context) => sweepOnce(context, staleSeconds)
  },
}

async function repair(context: Context, apply: boolean): Promise<VerbResult> {
  const { pool, actor } = context
  const { changes, total, accounts, mended, left } = await repairTotals(pool, {
    apply,
    note: (db, accountId, detail) => {
      const subject = `account ${accountId}`
      return logAdmin(db, { actor, action: 'repair totals', subject, detail })
    },
  })
  if (apply && mended > 0) await context.announceMoney('all')
  const document = { applied: apply, total, accounts, mended, changes, left }
  const rows = changes.map(({ check, subject, change }) => [check, subject, change])
  const cut = total > changes.length ? `\n… and ${total - changes.length} more.` : ''
  const list = total ? `${table(['check', 'subject', 'change'], rows)}${cut}\n` : ''
  const stays = left.map(({ subject, why }) => `\n${subject} stays as it is: ${why}.`).join('')
  const end = apply
    ? `${total} totals of ${accounts} accounts were wrong; ${mended} of the accounts are mended. ` +
      'See that verify agrees.'
    : `${total} totals of ${accounts} accounts would change: --apply changes them.`
  const isLeft = left.length > 0 || (!apply && total > 0)
  const text = total ? list + end : 'All totals follow from their calls and holds.'
  return { exitCode: isLeft ? 1 : 0, document, text: text + stays }
}

const repairVerb: Verb = {
  usage: 'repair totals [--apply]',
  does:
    'Print which totals do not follow from calls and holds, and with --apply make them anew, while ' +
    'relays run; those of days whose calls retain has dropped are kept',
  prepare(args) {
    const apply = args.has('apply')
    return (context) => repair(context, apply)
  },
}

export const bookVerbs = [verifyVerb, sweepVerb, repairVerb]
