import { runCommand } from './command/announce.ts'
import { migrate } from '../app/db/db.server.ts'
import { refreshSqlTypes } from './refresh-sql-types.ts'
import { startServers } from './servers/servers.ts'
import { makeTestFolder } from './test-folder.ts'

// `npm run sql:types`: migrates an empty database and writes the types of all statement files.
await runCommand(async () => {
  const folder = await makeTestFolder()
  const servers = await startServers({ dir: folder.path, needRedis: false, isForTests: true })
  try {
    // A private MariaDB is started unless somebody names another database, as nobody does here.
    const mariadb = servers.mariadb!
    await mariadb.createDatabase('types')
    const url = mariadb.url('types')
    await migrate(url)
    await refreshSqlTypes(url)
    return 0
  } finally {
    await servers.stop()
    folder.remove()
  }
})
