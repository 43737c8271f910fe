import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { compileMessage, type CompiledMessage } from '@lingui/message-utils/compileMessage'
import { generateMessageId } from '@lingui/message-utils/generateMessageId'
import PO from 'pofile'
import { languages, type Language } from '../../app/values/language/languages.ts'

/** What pages are translated into. Their sources are English. */
type Translated = Exclude<Language, 'en'>
export const translated = languages.filter((it): it is Translated => it !== 'en')

/** All catalogues have the same texts and subjects, which are read from this one. */
const textsIn = 'zh-CN' satisfies Translated

/** A text and what it is in another language, which is empty until somebody has written it. */
export type Entry = {
  text: string
  translation: string
  context?: string | undefined
  /** The files that have it. */
  places: string[]
  notes: string[]
}

export const folderOf = (language: Translated) => join('app', 'languages', language)

export const idOf = ({ text, context }: Pick<Entry, 'text' | 'context'>) =>
  generateMessageId(text, context)

/** The texts of one file of a catalogue, in its order. */
export const parseCatalogue = (text: string): Entry[] =>
  PO.parse(text).items.map(({ msgid, msgstr, msgctxt, references, extractedComments }) => ({
    text: msgid,
    translation: msgstr[0] ?? '',
    context: msgctxt,
    places: references,
    notes: extractedComments,
  }))

/** A catalogue's file as `parseCatalogue` reads it. */
export function formatCatalogue(language: Translated, entries: Entry[]): string {
  const po = new PO()
  po.headers = { Language: language, 'Content-Type': 'text/plain; charset=utf-8' }
  po.items = entries.map(({ text, translation, context, places, notes }) =>
    Object.assign(new PO.Item(), {
      msgid: text,
      msgstr: [translation],
      msgctxt: context ?? null,
      references: places,
      extractedComments: notes,
    }),
  )
  return `${po.toString().trimEnd()}\n`
}

export const catalogueFiles = (language: Translated): string[] =>
  readdirSync(folderOf(language))
    .filter((name) => name.endsWith('.po'))
    .sort()
    .map((name) => join(folderOf(language), name))

export const readEntries = (language: Translated): Entry[] =>
  catalogueFiles(language).flatMap((path) => parseCatalogue(readFileSync(path, 'utf8')))

/**
 * Texts of a language by their ids, as Lingui wants them at run time: all, or those of some files
 * of its catalogue. What has no translation yet is English.
 */
export function compileCatalogue(
  language: Language,
  isWanted: (path: string) => boolean = () => true,
): Record<string, CompiledMessage> {
  const files = catalogueFiles(language === 'en' ? textsIn : language).filter(isWanted)
  const entries = files.flatMap((path) => parseCatalogue(readFileSync(path, 'utf8')))
  const said = ({ text, translation }: Entry) =>
    language === 'en' || translation === '' ? text : translation
  return Object.fromEntries(entries.map((it) => [idOf(it), compileMessage(said(it))]))
}

/** The subjects whose texts stand in pages alone: who sees none of these pages is sent none of them. */
export function subjectsOfPages(): string[] {
  const isOfPages = (path: string) =>
    parseCatalogue(readFileSync(path, 'utf8')).every(({ places }) =>
      places.every((place) => place.startsWith('app/routes/')),
    )
  return catalogueFiles(textsIn)
    .filter(isOfPages)
    .map((path) => basename(path, '.po'))
}
