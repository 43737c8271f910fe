import { run, type Db, type Row } from '../db/db.server.ts'

type Profile = Row<'auth/read-user'>

/** What is kept of a person besides the ways to sign in. */
export async function readProfile(db: Db, userId: number): Promise<Profile> {
  const profile = await run(db, 'auth/read-user', { userId })
  if (!profile) throw new Error('a signed-in person is no user')
  return profile
}
