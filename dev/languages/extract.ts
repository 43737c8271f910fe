import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { isTest, readTree, type SourceFile } from '../tidy/source-tree.ts'
import {
  catalogueFiles,
  folderOf,
  formatCatalogue,
  idOf,
  parseCatalogue,
  readEntries,
  translated,
  type Entry,
} from './catalogue.ts'
import { expandMacros, hasMacros } from './macros.ts'

/** The name of the catalogue's file for the texts of a source: its room, and of pages their subject. */
export function catalogueOf(path: string): string {
  if (path.startsWith('app/ui/account/')) return 'ui-account'
  const [, room = '', name = ''] = path.split('/')
  if (room !== 'routes') return room.includes('.') ? 'frame' : room
  return /^[a-z]+/.exec(name)?.[0] ?? (name === '_index' ? 'home' : 'frame')
}

/** The texts of all pages, by the catalogue's file that they belong to, in the order of the sources. */
async function findTexts(
  files: SourceFile[] = readTree('app', ['.ts', '.tsx']),
): Promise<Map<string, Entry[]>> {
  const sources = files.filter((file) => !isTest(file) && hasMacros(file.text))
  const byFile = new Map<string, Map<string, Entry>>()
  for (const { path, text: code } of sources) {
    const name = catalogueOf(path)
    const entries = byFile.get(name) ?? new Map<string, Entry>()
    byFile.set(name, entries)
    await expandMacros(code, path, {
      onFound({ id, message, context, placeholders }) {
        const known = entries.get(id)
        const entry: Entry = { text: message, context, translation: '', places: [], notes: [] }
        const { places, notes } = known ?? entry
        if (!places.includes(path)) places.push(path)
        for (const [key, source] of Object.entries(placeholders)) {
          const note = `{${key}}: ${source.replaceAll(/\s+/g, ' ')}`
          if (/^\d+$/.test(key) && !notes.includes(note)) notes.push(note)
        }
        entries.set(id, known ?? entry)
      },
    })
  }
  // A source that only says what others have written has none of its own.
  const written = [...byFile].filter(([, entries]) => entries.size > 0)
  return new Map(written.map(([name, entries]) => [name, [...entries.values()]]))
}

/** What the files of a catalogue have to be, with the translations that are known. */
export async function wantedFiles(
  language: (typeof translated)[number],
): Promise<Map<string, string>> {
  const known = new Map(readEntries(language).map((it) => [idOf(it), it.translation]))
  const own = new Map(
    catalogueFiles(language).map((path) => [
      path,
      new Map(parseCatalogue(readFileSync(path, 'utf8')).map((it) => [idOf(it), it.translation])),
    ]),
  )
  const files = new Map<string, string>()
  for (const [name, found] of await findTexts()) {
    const path = join(folderOf(language), `${name}.po`)
    // Its own translation first; one that another file has of the same text is a beginning.
    const entries = found.map((it) => {
      const translation = own.get(path)?.get(idOf(it)) || known.get(idOf(it)) || ''
      return { ...it, translation }
    })
    files.set(path, formatCatalogue(language, entries))
  }
  return files
}

/** Writes the files of all catalogues anew; answers the texts that nobody has translated yet. */
export async function writeCatalogues(): Promise<string[]> {
  for (const language of translated) {
    mkdirSync(folderOf(language), { recursive: true })
    const wanted = await wantedFiles(language)
    for (const path of catalogueFiles(language)) if (!wanted.has(path)) rmSync(path)
    for (const [path, text] of wanted) writeFileSync(path, text)
  }
  return translated.flatMap((language) =>
    catalogueFiles(language).flatMap((path) =>
      parseCatalogue(readFileSync(path, 'utf8'))
        .filter(({ translation }) => translation === '')
        .map(({ text }) => `${language}/${basename(path)}: ${text}`),
    ),
  )
}
