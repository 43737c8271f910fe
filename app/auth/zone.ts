import { run, type Db } from '../db/db.server.ts'
import { cookieIn } from '../values/site/cookie-in.ts'
import { timeZoneOf } from '../values/zones/zones.ts'

/** The zone of the browser that a request comes from, where its script has left word of it. */
export function zoneIn(request: Request): string | undefined {
  const text = cookieIn(request, 'zone')
  return text === undefined ? undefined : timeZoneOf(text)
}

/**
 * Keeps the zone of a browser as that of its person, who has chosen none: for when none is told,
 * and so that its days are folded. Of several browsers it is the first one's, until one signs in.
 */
export const keepZone = (db: Db, userId: number, zone: string): Promise<number> =>
  run(db, 'auth/keep-zone', { userId, zone })

/** Chooses by whose days a person is shown things; null: by those of whichever browser they use. */
export const chooseZone = (
  db: Db,
  { userId, zone }: { userId: number; zone: string | null },
): Promise<number> => run(db, 'auth/set-zone', { userId, zone, isChosen: zone === null ? 0 : 1 })
