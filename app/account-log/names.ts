import { run, type Db } from '../db/db.server.ts'

/** What the log names by a number, and people by a name. */
export type Named = { keys: number[]; people: number[]; plans: number[] }
export type Names = { [Kind in keyof Named]: Map<number, string> }

const mapOf = (rows: { id: number; name: string }[]) =>
  new Map(rows.map(({ id, name }) => [id, name]))

/** The names of what one page of an account's log is about; of what is gone there is none. */
export async function readNames(
  db: Db,
  accountId: number,
  { keys, people, plans }: Named,
): Promise<Names> {
  const [ofKeys, ofPeople, ofPlans] = await Promise.all([
    keys.length ? run(db, 'account-log/name-keys', { accountId, ids: keys }) : [],
    people.length ? run(db, 'account-log/name-people', { ids: people }) : [],
    plans.length ? run(db, 'account-log/name-plans', { ids: plans }) : [],
  ])
  return { keys: mapOf(ofKeys), people: mapOf(ofPeople), plans: mapOf(ofPlans) }
}
