import { UnfitDatabase } from './check.ts'
import { readMigrations } from './migration-files.ts'
import { run, type Db } from './run.ts'

type Known = { id: number; name: string }

/**
 * Refuses a schema with migrations that this version has not: what it would write there may lack
 * what newer relays count on, and nobody would notice.
 */
export function refuseUnknown(noted: readonly Known[], known: readonly Known[]): void {
  const last = known.at(-1)?.id ?? 0
  const [first, ...more] = noted.filter(({ id }) => id > last)
  if (!first) return
  const others = more.length ? ` and ${more.length} more` : ''
  throw new UnfitDatabase(
    `This database was migrated by a newer version (${first.name}${others}): run that one, or ` +
      'set ALLOW_NEWER_SCHEMA=1 where its changelog says that old relays may run.',
  )
}

/** The same for whoever does not migrate, and is about to write. */
export async function refuseNewerSchema(db: Db): Promise<void> {
  refuseUnknown(await run(db, 'db/read-migrations', {}), readMigrations())
}
