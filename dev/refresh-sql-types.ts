import { writeFileSync } from 'node:fs'
import { generateTypes } from '../app/db/generate-types.ts'

/** Writes the statement types, by the live schema. */
export async function refreshSqlTypes(url: string): Promise<void> {
  writeFileSync('app/db/statements.gen.ts', await generateTypes(url))
}
