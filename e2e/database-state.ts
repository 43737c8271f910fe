import mysql from 'mysql2/promise'

/** Tables that change while nobody does anything. */
const restless = new Set(['relays'])

/** What is in every table of a database, in short: equal before and after when nothing was done. */
export async function databaseState(url: string): Promise<Record<string, string>> {
  const connection = await mysql.createConnection({ uri: url })
  try {
    const [rows] = await connection.query<mysql.RowDataPacket[]>('show tables')
    const tables = rows.map((row) => String(Object.values(row)[0]))
    const state: Record<string, string> = {}
    for (const table of tables.filter((name) => !restless.has(name))) {
      const [sums] = await connection.query<mysql.RowDataPacket[]>('checksum table ??', [table])
      state[table] = String(sums[0]!.Checksum)
    }
    return state
  } finally {
    await connection.end()
  }
}
