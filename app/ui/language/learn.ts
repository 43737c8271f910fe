import { setupI18n, type Messages } from '@lingui/core'
import type { Language } from '../../values/language/languages.ts'
import { introduce } from './speakers.ts'

/** Makes a language known, before anything is said in it. */
export function learn(language: Language, messages: Messages): void {
  introduce(language, setupI18n({ locale: language, messages: { [language]: messages } }))
}
