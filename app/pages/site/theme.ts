import type { Env } from '../../config/env.ts'
import { limits } from '../../config/limits.ts'
import { cookieIn } from '../../values/site/cookie-in.ts'
import { isTheme, type Theme } from '../../values/site/themes.ts'

/** The theme that a browser was told to have; `system` where it was told nothing. */
export function themeOf(request: Request): Theme {
  const said = cookieIn(request, 'theme') ?? ''
  return isTheme(said) ? said : 'system'
}

/** The `set-cookie` header that keeps it; what the system says needs no cookie. */
export function themeCookie(theme: Theme, { APP_URL }: Env): string {
  const secondsMax = theme === 'system' ? 0 : limits.brand.themeSecondsKept
  const isSecure = APP_URL.startsWith('https:')
  return `theme=${theme}; Path=/; Max-Age=${secondsMax}; SameSite=Lax${isSecure ? '; Secure' : ''}`
}
