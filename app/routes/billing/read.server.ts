import { z } from 'zod'
import {
  addMonths,
  listByDay,
  listEntries,
  listHolds,
  monthOf,
  readLedgerSize,
  readOverview,
  readStatement,
} from '../../billing/billing.server.ts'
import { formatCallId } from '../../values/call-id.ts'
import { limits } from '../../config/limits.ts'
import { billingPath } from '../../paths.ts'
import { newFormToken, notFound, shownOrder } from '../../pages/pages.server.ts'
import {
  contactUrl,
  findRedemption,
  listOrders,
  listRedeemed,
  readTopUpWays,
} from '../../payments/payments.server.ts'
import { msg } from '../../values/language/msg.ts'
import { formatRate, rateOfUsd } from '../../values/payments/payment-money.ts'
import type { PageServices } from '../../services.ts'

const rowsShown = 50
const holdsShown = 20
const ordersShown = 5
/** As many months as a person goes through; older ones have their address. */
const monthsOffered = 24

/** Credits, and lines for the charges of each day between them; every entry; all but charges. */
const shows = ['days', 'all', 'credits'] as const
type Show = (typeof shows)[number]

const Query = z.strictObject({
  month: z
    .string()
    .regex(/^20\d\d-(0[1-9]|1[0-2])$/)
    .optional(),
  show: z.enum(shows).optional(),
  before: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional(),
  redeemed: z
    .string()
    .regex(/^[1-9]\d{0,14}$/)
    .optional(),
})

type Query = {
  month: string
  show: Show
  before: number | null
  redeemed: number | null
}

const numberOf = (text: string | undefined) => (text === undefined ? null : Number(text))

function readQuery(url: string, thisMonth: string): Query {
  const params = [...new URL(url).searchParams].filter(([, value]) => value !== '')
  const parsed = Query.safeParse(Object.fromEntries(params))
  if (!parsed.success)
    throw notFound(msg`The ledger has no such page. Choose one on the billing page.`)
  const { month = thisMonth, show = 'days', before, redeemed } = parsed.data
  return { month, show, before: numberOf(before), redeemed: numberOf(redeemed) }
}

/** Addresses of the ledger; what is usual is left out. */
function addressOf({ month, show, before }: Omit<Query, 'redeemed'>, thisMonth: string): string {
  const params = new URLSearchParams()
  if (month !== thisMonth) params.set('month', month)
  if (show !== 'days') params.set('show', show)
  if (before !== null) params.set('before', String(before))
  return params.size ? `${billingPath}?${params.toString()}` : billingPath
}

/** From the month of the account's beginning to this one, the newest first. */
function monthsSince(first: string, thisMonth: string): string[] {
  const months: string[] = []
  for (let month = thisMonth; month >= first; month = addMonths(month, -1)) {
    if (months.length === monthsOffered) break
    months.push(month)
  }
  return months
}

/** How credit comes to the account, and what has come by codes. */
async function readCredit(
  { db, env, payments }: PageServices,
  accountId: number,
  redeemed: number | null,
) {
  const [ways, codes, added, last] = await Promise.all([
    readTopUpWays(db, env),
    listRedeemed(db, accountId, limits.codes.shownMax),
    redeemed === null ? undefined : findRedemption(db, accountId, redeemed),
    listOrders(db, { accountId, rows: ordersShown }),
  ])
  return {
    ways: { ...ways, contactUrl: contactUrl(ways.contact) ?? null },
    formToken: newFormToken(),
    amounts: payments.amounts,
    providers: Object.values(payments.providers).map(({ name, currency, rate }) => ({
      name,
      rate: rate === rateOfUsd ? null : `${formatRate(rate)} ${currency}`,
    })),
    orders: last.orders.map(shownOrder),
    codes,
    added: added ? { nanos: added.valueNanos, plan: added.plan } : null,
  }
}

async function readEntries(...asked: Parameters<typeof listEntries>) {
  const { entries, older } = await listEntries(...asked)
  return { lines: entries, older }
}

type Statement = Awaited<ReturnType<typeof readStatement>>

/** Money is shown in any case, also that of a plan that nothing else tells of. */
const hasPlanMoney = ({ opening, lines, closing }: Statement) =>
  [opening, closing, ...lines].some(({ planNanos }) => planNanos !== 0)

/** All that the billing page shows: money now, open holds, a month's statement and its entries. */
export async function readBillingPage(
  services: PageServices,
  { accountId, zone }: { accountId: number; zone: string },
  url: string,
  now: Date,
) {
  const { db } = services
  const thisMonth = monthOf(now, zone)
  const query = readQuery(url, thisMonth)
  const { entrySeq, since } = await readLedgerSize(db, accountId)
  const [overview, holds, statement, credit] = await Promise.all([
    readOverview(db, accountId, now, zone),
    listHolds(db, accountId, holdsShown),
    readStatement(db, accountId, query.month, entrySeq, zone),
    readCredit(services, accountId, query.redeemed),
  ])
  const { after, upTo } = statement.bounds
  const to = (more: Partial<Query>) => addressOf({ ...query, before: null, ...more }, thisMonth)
  const shownUpTo = query.before === null ? upTo : Math.min(upTo, query.before - 1)
  const asked = { after, upTo: shownUpTo, rows: rowsShown }
  const page =
    query.show === 'days'
      ? await listByDay(db, accountId, { month: query.month, zone, entrySeq }, asked)
      : await readEntries(db, accountId, { ...asked, creditsOnly: query.show === 'credits' })
  const lines = page.lines.map((line) =>
    line.kind === 'charges'
      ? { ...line, to: to({ show: 'all', before: line.seq + 1 }) }
      : { ...line, callId: line.callId ? formatCallId(line.callId) : null },
  )
  return {
    overview,
    credit,
    holds: holds.slice(0, holdsShown).map(({ callId, ...hold }) => ({
      id: formatCallId(callId),
      ...hold,
    })),
    hasMoreHolds: holds.length > holdsShown,
    statement,
    months: monthsSince(monthOf(since, zone), thisMonth),
    show: query.show,
    lines,
    withPlan: overview.hadPlan === 1 || hasPlanMoney(statement),
    shows: shows.map((show) => ({
      show,
      to: to({ show }),
      isCurrent: show === query.show,
    })),
    pages: {
      newest: query.before === null ? null : to({}),
      newer: null,
      older: page.older === null ? null : to({ before: page.older + 1 }),
    },
  }
}
