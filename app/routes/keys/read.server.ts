import { redirect } from '@remix-run/node'
import type { Person } from '../../auth/auth.server.ts'
import type { Db } from '../../db/db.server.ts'
import { listKeyPage, readKey } from '../../keys/keys.server.ts'
import { keysPath } from '../../paths.ts'
import type { PageServices } from '../../services.ts'
import { readKeyDays } from '../../usage/usage.server.ts'
import { addDays } from '../../values/days.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import { may } from '../../values/teams/roles.ts'
import { keyStatuses } from '../../values/key-statuses.ts'
import { keyRow } from './key-row.server.ts'

const idOf = (text: string | null) =>
  text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null

/** What the address asks for. One that asks for what there cannot be is answered by the whole list. */
function readAddress(url: string) {
  const params = new URL(url).searchParams
  const given = (name: string) => params.get(name) || null
  const name = given('name')
  const asked = given('status')
  const status = keyStatuses.find((it) => it === asked) ?? null
  if (asked !== null && status === null) throw redirect(keysPath)
  return { name, status, after: idOf(given('after')), before: idOf(given('before')) }
}

function addressOf(filter: { name: string | null; status: string | null }, place = {}) {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries({ ...filter, ...place }))
    if (value) params.set(name, String(value))
  const text = params.toString()
  return text ? `${keysPath}?${text}` : keysPath
}

const daysShown = 30

/** What each of these keys cost in this month, and on each of the last days, by the person's zone. */
async function readSpent(db: Db, { accountId, zone }: Person, ids: number[], now: Date) {
  const to = dayIn(zone, now.getTime())
  const [first, monthStart] = [addDays(to, 1 - daysShown), `${to.slice(0, 8)}01`]
  const from = monthStart < first ? monthStart : first
  const keyDays = await readKeyDays(db, accountId, ids, { zone, from, to })
  return (id: number) => {
    const days = keyDays.get(id) ?? []
    return {
      monthNanos: days.reduce(
        (sum, { day, costNanos }) => (day >= monthStart ? sum + costNanos : sum),
        0,
      ),
      lastDays: days.slice(-daysShown).map(({ costNanos }) => costNanos),
    }
  }
}

/** The keys that a page shows, the way to the pages beside it, and the one that was just revoked. */
export async function readKeysPage({ db }: PageServices, person: Person, url: string, now: Date) {
  const { accountId } = person
  // Who may not manage the keys of all sees their own alone.
  const userId = may(person.role, 'manage-all-keys') ? null : person.userId
  const { name, status, after, before } = readAddress(url)
  const filter = { name, status }
  const page = await listKeyPage(db, accountId, { ...filter, userId, after, before })
  const revokedId = idOf(new URL(url).searchParams.get('revoked'))
  const asked = revokedId === null ? undefined : await readKey(db, accountId, revokedId)
  const isTheirs = userId === null || asked?.userId === userId
  const spent = await readSpent(
    db,
    person,
    page.keys.map(({ id }) => id),
    now,
  )
  const isNarrowed = name !== null || status !== null
  const pages = {
    newest: page.before === null ? null : addressOf(filter),
    newer: page.before === null ? null : addressOf(filter, { before: page.before }),
    older: page.after === null ? null : addressOf(filter, { after: page.after }),
  }
  return {
    keys: page.keys.map((key) => ({ ...keyRow(key), ...spent(key.id) })),
    revoked: asked?.revokedAt && isTheirs ? keyRow(asked) : null,
    filter,
    isNarrowed,
    /** Nobody looks for one of a few. */
    isLong: isNarrowed || pages.newer !== null || pages.older !== null,
    pages,
  }
}
