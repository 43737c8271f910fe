import { statSync } from 'node:fs'
import { z } from 'zod'
import { charactersIn } from '../values/characters.ts'
import { contrast, parseColour } from '../values/site/colour.ts'
import { limits } from './limits.ts'

const { nameCharsMax, logoBytesMax, linksMax } = limits.brand

const line = z
  .string()
  .transform((text) => text.trim())
  .refine(
    (text) => text !== '' && charactersIn(text) <= nameCharsMax && !/\p{Cc}/u.test(text),
    `must be a line of at most ${nameCharsMax} characters`,
  )

/** What a logo may be, by how its file's name ends. */
const logoTypes: Record<string, string> = {
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
}
/** The type of a logo in a file; undefined where the name is of none. */
export const logoTypeOf = (path: string): string | undefined =>
  logoTypes[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? '']

function isLogoFile(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return logoTypeOf(path) !== undefined && found?.isFile() === true && found.size <= logoBytesMax
}

const logo = z
  .string()
  .refine(
    (text) =>
      text.startsWith('https://') && URL.canParse(text) ? !/[\s;,]/.test(text) : isLogoFile(text),
    `must be an address that begins with https://, or a file of at most ${logoBytesMax / 1_024} kB ` +
      'that ends in .svg, .png or .webp',
  )

/** The lightest of the grounds that links stand on in a light page are white, the darkest this. */
const darkestLight = [0xef, 0xf2, 0xed] as const
const colour = z.string().refine((text) => {
  const read = parseColour(text)
  return read !== undefined && contrast(read, darkestLight) >= 4.5
}, 'must be a colour such as #0b6b4b, dark enough to be read on a light page (a contrast of 4.5); ' + 'what dark pages have is made of it')

type FooterLink = { text: string; to: string }

const linkFault =
  `must be at most ${linksMax} links with commas between them, such as ` +
  'Terms=https://example.com/terms,Help=mailto:help@example.com'

function readLink(text: string): FooterLink | undefined {
  const at = text.indexOf('=')
  const [name, to] = [text.slice(0, at).trim(), text.slice(at + 1).trim()]
  const isGood = at > 0 && name !== '' && charactersIn(name) <= nameCharsMax
  return isGood && /^(https?:\/\/|mailto:|\/(?![/\\]))\S+$/.test(to)
    ? { text: name, to }
    : undefined
}

const footerLinks = z.string().transform((text, { addIssue }): FooterLink[] => {
  const read = text.split(',').map(readLink)
  const links = read.filter((link) => link !== undefined)
  if (links.length === read.length && links.length <= linksMax) return links
  addIssue({ code: 'custom', message: linkFault })
  return []
})

const securityContact = z
  .string()
  .refine(
    (text) => /^https:\/\/\S+$/.test(text) || /^[^\s@]+@[^\s@]+$/.test(text),
    'must be an e-mail address, or the address of a page that begins with https://',
  )

/** Whose relay it is, as people see it. */
export const brandVariables = {
  BRAND_NAME: line.optional(),
  /** An address, or a file that is served from here. */
  BRAND_LOGO: logo.optional(),
  /** Of links and buttons. */
  BRAND_COLOR: colour.optional(),
  FOOTER_LINKS: footerLinks.optional(),
  /** Whom to tell of a hole in this relay (RFC 9116). */
  SECURITY_CONTACT: securityContact.optional(),
}
