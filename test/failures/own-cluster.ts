import { startGalera, type Galera } from '../../dev/servers/galera.ts'
import type { Opened } from './opened.ts'
import { temporaryFolder } from './site.ts'
import { openSql, type Sql } from '../sql.ts'

/** A cluster of three writing nodes that is a test file's own; `opened` ends it. */
export async function startTestCluster(opened: Opened): Promise<Galera> {
  const cluster = await startGalera({ dir: temporaryFolder(opened) })
  opened.closeWith(() => cluster.stop())
  return cluster
}

/** Looks behind the program's back at everything that was committed on any node before. */
export function openClusterSql(opened: Opened, url: string): Sql {
  const { sql, end } = openSql(url, ['wsrep_sync_wait = 15'])
  opened.closeWith(end)
  return sql
}
