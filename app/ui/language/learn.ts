import { setupI18n, type Messages } from '@lingui/core'
import type { Language } from '../../values/language/languages.ts'
import { introduce, whoSpeaks } from './speakers.ts'

/** Makes a language known, or more of it, before anything is said with these. */
export function learn(language: Language, messages: Messages): void {
  const speaker = whoSpeaks(language)
  // What nothing has said yet changes nothing that is shown: its `load` would render all of it anew.
  if (speaker) Object.assign(speaker.messages, messages)
  else introduce(language, setupI18n({ locale: language, messages: { [language]: messages } }))
}
