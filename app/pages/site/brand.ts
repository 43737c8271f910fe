import { createHash } from 'node:crypto'
import type { Env } from '../../config/env.ts'
import { brandLogoPath, brandSheetPath } from '../../paths.ts'
import { usualName } from '../../values/site/usual-name.ts'

type Branded = Pick<Env, 'BRAND_NAME' | 'BRAND_LOGO' | 'BRAND_COLOR' | 'FOOTER_LINKS'>

/** Whether a logo is somebody's address, and not a file that is served from here. */
export const isElsewhere = (logo: string) => logo.startsWith('https://')

const mark = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12)

/** What every page shows of whose relay it is. */
export const brandOf = ({ BRAND_NAME, BRAND_LOGO, BRAND_COLOR, FOOTER_LINKS }: Branded) => ({
  name: BRAND_NAME ?? usualName,
  logo:
    BRAND_LOGO === undefined || isElsewhere(BRAND_LOGO)
      ? (BRAND_LOGO ?? null)
      : brandLogoPath(mark(BRAND_LOGO)),
  sheet: BRAND_COLOR === undefined ? null : brandSheetPath(mark(BRAND_COLOR)),
  links: FOOTER_LINKS ?? [],
})
