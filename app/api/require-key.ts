import { run, type Row } from '../db/db.server.ts'
import { Refused } from '../errors/refusal.ts'
import type { Services } from '../services.ts'

export type Standing = NonNullable<Row<'keys/read-standing'>>

/** The good key behind a request that starts no call, read from the database each time. */
export async function requireKey(request: Request, services: Services): Promise<Standing> {
  const caller = await services.authenticate(request.headers.get('authorization'))
  const standing = caller && (await run(services.db, 'keys/read-standing', { id: caller.keyId }))
  if (!standing) throw new Refused('invalid_api_key')
  return standing
}
