import type { Filter } from '../../app/usage/usage.server.ts'
import { newCallId } from '../../app/values/call-id.ts'

/** By how much each is ahead of UTC, in minutes, before and from a change of clocks on. */
export const zones = [
  { zone: 'UTC', before: 0, changes: '2026-11-01T06:00:00Z', after: 0 },
  { zone: 'Asia/Shanghai', before: 480, changes: '2026-11-01T06:00:00Z', after: 480 },
  { zone: 'Asia/Kolkata', before: 330, changes: '2026-11-01T06:00:00Z', after: 330 },
  { zone: 'America/New_York', before: -240, changes: '2026-11-01T06:00:00Z', after: -300 },
  { zone: 'Pacific/Chatham', before: 765, changes: '2026-09-26T14:00:00Z', after: 825 },
] as const
export type Zone = (typeof zones)[number]

/** What the clocks of a zone show, in plain SQL: it knows the zone by the minutes above alone. */
export const clockOf = ({ before, changes, after: from }: Zone, column = 'started_at') => {
  const change = changes.slice(0, 19).replace('T', ' ')
  return `(${column} + interval if(${column} < '${change}', ${before}, ${from}) minute)`
}
export const wall = (at: Zone, column?: string) => `date(${clockOf(at, column)})`
/** The calls of an account that a filter lets through; of people it knows the one of this key. */
export function callsOf(
  at: Zone,
  filter: Partial<Filter>,
  { accountId, keyOfMember }: { accountId: number; keyOfMember: number },
) {
  const { model, keyId, from, to, status, outcome, userId } = filter
  const parts: [string, unknown][] = [['account_id = ?', accountId]]
  if (model) parts.push(['model = ?', model])
  if (keyId) parts.push(['key_id = ?', keyId])
  if (from) parts.push([`${wall(at)} >= ?`, from])
  if (to) parts.push([`${wall(at)} <= ?`, to])
  if (status) parts.push(['status_code like ?', status.replace('xx', '__')])
  if (outcome) parts.push(['outcome = ?', outcome])
  if (userId) parts.push(['key_id = ?', keyOfMember])
  const where = parts.map(([text]) => text).join(' and ')
  return { where: `from calls where ${where}`, values: parts.map(([, value]) => value) }
}

/** Entries of an account in the order of time, booked at these moments. */
export function entriesAt(accountId: number, times: Date[]) {
  const moments = times.map((time) => time.toISOString()).sort()
  let balanceNanos = 0
  return moments.map((iso, i) => {
    const kind = i % 7 === 0 ? ('grant' as const) : ('charge' as const)
    const nanos = Math.floor(Math.random() * 1e6) * (kind === 'grant' ? 1 : -1)
    balanceNanos += nanos
    return {
      accountId,
      seq: i + 1,
      kind,
      ref: null,
      actor: 'test',
      note: null,
      planNanos: 0,
      balanceNanos: nanos,
      planAfterNanos: 0,
      balanceAfterNanos: balanceNanos,
      callId: kind === 'charge' ? newCallId(Date.parse(iso)) : null,
      createdAt: iso.slice(0, 23).replace('T', ' '),
    }
  })
}
