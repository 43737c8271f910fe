import { openSql } from '../test/sql.ts'

/** Tables that change while nobody does anything: days are summed up in the background. */
const restless = new Set(['relays', 'zone_folds', 'usage_zone_days', 'account_zone_days'])

/** What is in every table of a database, in short: equal before and after when nothing was done. */
export async function databaseState(url: string): Promise<Record<string, string>> {
  const { sql, end } = openSql(url)
  try {
    const tables = (await sql('show tables')).map((row) => String(Object.values(row)[0]))
    const state: Record<string, string> = {}
    for (const table of tables.filter((name) => !restless.has(name))) {
      const [sums] = await sql<{ Checksum: unknown }>('checksum table ??', [table])
      state[table] = String(sums?.Checksum)
    }
    return state
  } finally {
    await end()
  }
}
