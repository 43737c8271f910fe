import { randomBytes } from 'node:crypto'
import { run, type Db } from './run.ts'

/** The name that tells this installation from others that share its Redis; made once, kept for good. */
export async function installationName(db: Db): Promise<string> {
  const found = await run(db, 'db/read-installation', {})
  if (found) return found.name
  await run(db, 'db/claim-installation', { name: randomBytes(16).toString('hex') })
  const claimed = await run(db, 'db/read-installation', {})
  // There is one by now: ours, or that of whoever was faster.
  return claimed!.name
}
