import mysql from 'mysql2/promise'

/** Runs plain SQL, to look behind the program's back. */
export type Sql = <Row = Record<string, unknown>>(
  text: string,
  values?: unknown[],
) => Promise<Row[]>

/**
 * One connection at a time, which is made again after the database was away, with these `settings`
 * of a session.
 */
export function openSql(
  url: string,
  settings: readonly string[] = [],
): { sql: Sql; end(): Promise<void> } {
  const pool = mysql.createPool({ uri: url, timezone: 'Z', connectionLimit: 1 })
  pool.on('connection', (connection) => {
    // It is sent before whatever the connection was made for.
    void connection.query(`set session ${[`time_zone = '+00:00'`, ...settings].join()}`)
  })
  return {
    async sql<Row>(text: string, values: unknown[] = []) {
      const [rows] = await pool.query(text, values)
      return rows as Row[]
    },
    end: () => pool.end(),
  }
}

/** Runs one statement on a connection of its own. */
export async function runSql<Row = Record<string, unknown>>(
  url: string,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  const { sql, end } = openSql(url)
  return sql<Row>(text, values).finally(end)
}
