import type { Sql } from '../sql.ts'

/** Has a relay been silent for so many seconds more: since its last beat, and its last hold. */
export async function silence(sql: Sql, relayId: Buffer, seconds = 61): Promise<void> {
  const ago = (table: string, column: string, id: string) =>
    sql(`update ${table} set ${column} = ${column} - interval ? second where ${id} = ?`, [
      seconds,
      relayId,
    ])
  await ago('relays', 'heartbeat_at', 'id')
  await ago('holds', 'created_at', 'relay_id')
}
