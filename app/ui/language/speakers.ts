import type { I18n } from '@lingui/core'
import type { Language } from '../../values/language/languages.ts'

const speakers: Partial<Record<Language, I18n>> = {}

/** Makes who speaks a language known: on the server of each, in a browser of that of its page. */
export function introduce(language: Language, speaker: I18n): void {
  speakers[language] = speaker
}

export const whoSpeaks = (language: Language): I18n | undefined => speakers[language]

/**
 * Who speaks a language. Nobody is ever made to speak another: so requests share them, and two in
 * two languages do not mix. A browser knows one, and its page stays in it.
 */
export function speakerOf(language: Language): I18n {
  const speaker = speakers[language] ?? Object.values(speakers)[0]
  if (!speaker) throw new Error('No language is known yet.')
  return speaker
}
