import { run, type Db } from '../db/db.server.ts'
import { wantZone } from '../ledger/ledger.server.ts'
import { timeZoneOf } from '../values/zones/zones.ts'

/** The zone of the browser that a request comes from, where its script has left word of it. */
export function zoneIn(request: Request): string | undefined {
  const [, text = ''] =
    /(?:^|;)\s*zone=([\w+/%-]{1,90})/.exec(request.headers.get('cookie') ?? '') ?? []
  return timeZoneOf(text.replaceAll('%2F', '/').replaceAll('%2B', '+'))
}

type Shown = { userId: number; accountId: number; zone: string }

/** Keeps the zone of a browser as that of its person, who has chosen none. */
export async function keepZone(db: Db, { userId, accountId, zone }: Shown): Promise<void> {
  await run(db, 'auth/keep-zone', { userId, zone })
  await wantZone(db, accountId, zone)
}

/** Chooses by whose days a person is shown things; null: by those of whichever browser they use. */
export async function chooseZone(
  db: Db,
  { userId, accountId, zone }: Omit<Shown, 'zone'> & { zone: string | null },
): Promise<void> {
  await run(db, 'auth/set-zone', { userId, zone, isChosen: zone === null ? 0 : 1 })
  if (zone !== null) await wantZone(db, accountId, zone)
}
