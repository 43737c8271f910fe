import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

export type Migration = {
  id: number
  name: string
  text: string
  digest: Buffer
  /** What relays of the version before would write would be wrong afterwards, and stay wrong. */
  stopsOldRelays: boolean
}

/**
 * The line in a migration's head that says whether relays of the version before may go on while it
 * runs and after, and if not, why.
 */
const marker = /^-- old relays: (?:may run|(must be stopped); .+)\n/m

const migrationsFolder = 'sql/migrations'

/** The numbered files in order. Throws when a number is missing, doubled or out of form. */
export function readMigrations(folder: string = migrationsFolder): Migration[] {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name, index) => {
    const id = Number(/^(\d{4})_[a-z_]+\.sql$/.exec(name)?.[1])
    if (id !== index + 1) throw new Error(`sql/migrations/${name} is not number ${index + 1}`)
    const text = readFileSync(join(folder, name), 'utf8')
    // The marker is no part of what ran: the first ones had none when they did.
    const digest = createHash('sha256').update(text.replace(marker, '')).digest()
    const stopsOldRelays = marker.exec(text)?.[1] !== undefined
    return { id, name, text, digest, stopsOldRelays }
  })
}
