import { readFileSync } from 'node:fs'
import type { RequestHandler } from 'express'
import { logoTypeOf } from '../../config/brand.ts'
import type { Env } from '../../config/env.ts'
import { limits } from '../../config/limits.ts'
import { brandLogoPath, brandSheetPath, securityPath } from '../../paths.ts'
import { clockMs } from '../../values/clock.ts'
import { dayMs } from '../../values/days.ts'
import { isElsewhere } from './brand.ts'
import { brandSheet } from './brand-sheet.ts'

const { fileSecondsKept, securityDays } = limits.brand

type SiteFile = { type: string; body: string | Buffer; isKept: boolean }

/** Whom to tell of a hole, as a program finds it (RFC 9116); undefined where nobody is named. */
function securityFile({ APP_URL, SECURITY_CONTACT, CONTACT }: Env): SiteFile | undefined {
  const named = SECURITY_CONTACT ?? CONTACT
  const isMail = named !== undefined && /^[^\s@]+@[^\s@]+$/.test(named)
  if (named === undefined || !(isMail || named.startsWith('https://'))) return undefined
  const lines = [
    `Contact: ${isMail ? 'mailto:' : ''}${named}`,
    `Expires: ${new Date(clockMs() + securityDays * dayMs).toISOString().slice(0, 19)}Z`,
    `Canonical: ${APP_URL}${securityPath}`,
    'Preferred-Languages: en, zh',
  ]
  return { type: 'text/plain; charset=utf-8', body: `${lines.join('\n')}\n`, isKept: false }
}

/** The operator's own files, by their paths; read once. */
function filesOf(env: Env): Map<string, () => SiteFile | undefined> {
  const { BRAND_LOGO: logo, BRAND_COLOR: colour } = env
  const files = new Map<string, () => SiteFile | undefined>()
  files.set(securityPath, () => securityFile(env))
  const sheet = colour === undefined ? undefined : brandSheet(colour)
  if (sheet !== undefined)
    files.set(brandSheetPath(), () => ({ type: 'text/css', body: sheet, isKept: true }))
  if (logo !== undefined && !isElsewhere(logo)) {
    const [body, type] = [readFileSync(logo), logoTypeOf(logo) ?? '']
    files.set(brandLogoPath(), () => ({ type, body, isKept: true }))
  }
  return files
}

/** Answers what is the operator's own beside the pages: whom to tell of a hole, colour and logo. */
export function answerSiteFiles(env: Env): RequestHandler {
  const files = filesOf(env)
  return (req, res, next) => {
    const file = /^(GET|HEAD)$/.test(req.method) ? files.get(req.path)?.() : undefined
    if (!file) return next()
    const { type, body, isKept } = file
    // What is asked for by its mark is never another.
    const isMarked = isKept && req.url.includes('?v=')
    const keep = isMarked ? `public, max-age=${fileSecondsKept}, immutable` : 'public, max-age=3600'
    res.writeHead(200, {
      'content-type': type,
      'cache-control': keep,
      'content-length': Buffer.byteLength(body),
    })
    res.end(req.method === 'HEAD' ? undefined : body)
  }
}
