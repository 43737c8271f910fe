import { createPool, type Pool } from '../app/db/db.server.ts'

/** Lends the program's way to a database, for as long as the work takes. */
export async function withPool<T>(
  databaseUrl: string,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool(databaseUrl, { size: 1 })
  return work(pool).finally(() => pool.close())
}
