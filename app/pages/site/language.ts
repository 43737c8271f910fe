import type { Env } from '../../config/env.ts'
import { limits } from '../../config/limits.ts'
import { cookieIn } from '../../values/site/cookie-in.ts'
import { isLanguage, languageAsked, type Language } from '../../values/language/languages.ts'

/** The language that a browser was told to show, else the one that it asks for. */
export function languageOf(request: Request): Language {
  const said = cookieIn(request, 'language') ?? ''
  const asked = request.headers
    .get('accept-language')
    ?.slice(0, limits.pages.languagesCharactersMax)
  return isLanguage(said) ? said : languageAsked(asked ?? null)
}

/** The `set-cookie` header that keeps it. */
export function languageCookie(language: Language, { APP_URL }: Env): string {
  const isSecure = APP_URL.startsWith('https:')
  const kept = `Max-Age=${limits.brand.languageSecondsKept}`
  return `language=${language}; Path=/; ${kept}; SameSite=Lax${isSecure ? '; Secure' : ''}`
}
