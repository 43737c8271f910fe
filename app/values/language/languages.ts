/** The languages of the pages, by their tags (BCP 47): English first, which is spoken to all others. */
export const languages = ['en', 'zh-CN'] as const
export type Language = (typeof languages)[number]

export const isLanguage = (text: string): text is Language => languages.some((it) => it === text)

/** What each calls itself, which is how people find their own. */
export const languageNames = { en: 'English', 'zh-CN': '中文' } satisfies Record<Language, string>

/** Every kind of Chinese is answered in the one that is there. */
const byPrimaryTag = new Map<string, Language>([
  ['en', 'en'],
  ['*', 'en'],
  ['zh', 'zh-CN'],
])

/** The language of ours that an `accept-language` header likes best (RFC 9110, section 12.5.4). */
export function languageAsked(header: string | null): Language {
  let best: { language: Language; weight: number } = { language: 'en', weight: 0 }
  for (const part of (header ?? '').split(',')) {
    const [range = '', ...parameters] = part.split(';').map((it) => it.trim().toLowerCase())
    const language = byPrimaryTag.get(range.split('-')[0] ?? '')
    const said = parameters.find((it) => it.startsWith('q='))
    const weight = said === undefined ? 1 : Number(said.slice(2)) || 0
    if (language && weight > best.weight) best = { language, weight }
  }
  return best.language
}
