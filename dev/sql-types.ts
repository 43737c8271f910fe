import { runCommand } from './announce.ts'
import { migrate } from '../app/db/db.server.ts'
import { refreshSqlTypes } from './refresh-sql-types.ts'
import { startRig } from './servers/servers.ts'
import { makeTestFolder } from './test-folder.ts'

// `npm run sql:types`: migrates an empty database and writes the types of all statement files.
await runCommand(async () => {
  const folder = await makeTestFolder()
  const rig = await startRig({ dir: folder.path, needRedis: false, say: () => undefined })
  try {
    await rig.mariadb!.createDatabase('types')
    const url = rig.mariadb!.url('types')
    await migrate(url)
    await refreshSqlTypes(url, false)
    return 0
  } finally {
    await rig.stop()
    folder.remove()
  }
})
