import { randomBytes } from 'node:crypto'
import { run, type Db } from './run.ts'

/** The name that tells this installation from others that share its Redis; made once, kept for good. */
export async function installationName(db: Db): Promise<string> {
  const found = await run(db, 'db/read-installation', {})
  if (found) return found.name
  await run(db, 'db/claim-installation', { name: randomBytes(16).toString('hex') })
  return (await run(db, 'db/read-installation', {}))!.name
}
