import { run, type Db } from '../db/db.server.ts'
import type { Language } from '../values/language/languages.ts'

/** Chooses the language that a person is shown the pages in, in whatever browser. */
export async function chooseLanguage(db: Db, userId: number, language: Language): Promise<void> {
  await run(db, 'auth/set-language', { userId, language })
}
