import { runCommand } from './command/announce.ts'
import { writeCatalogues } from './languages/extract.ts'

/** `npm run texts`: brings the catalogues to what the pages say, and tells what is left to translate. */
await runCommand(async () => {
  const missing = await writeCatalogues()
  for (const text of missing) console.log(text)
  console.log(
    missing.length === 0
      ? 'Every text is translated.'
      : `${missing.length} texts have no translation yet; they are written into app/languages/.`,
  )
  return missing.length === 0 ? 0 : 1
})
