import { readFileSync, writeFileSync } from 'node:fs'
import { generateTypes } from '../app/db/generate-types.ts'

const file = 'app/db/statements.gen.ts'

/** Writes the statement types, or with `check` says whether the written ones still fit the schema. */
export async function refreshSqlTypes(url: string, check: boolean): Promise<boolean> {
  const fresh = await generateTypes(url)
  if (check) return readFileSync(file, 'utf8') === fresh
  writeFileSync(file, fresh)
  return true
}
