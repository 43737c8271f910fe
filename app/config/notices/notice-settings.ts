import { z } from 'zod'
import { isMailAddress } from '../../values/notices/mail-address.ts'

const loopback = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/

/** A mail server that mails are handed to. */
type MailServer = {
  host: string
  port: number
  /** From the first byte on, or by STARTTLS where the server offers it. */
  secure: boolean
  /** A password does not go over a network in the clear, whatever the server offers. */
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

function mailServerOf(text: string): MailServer | undefined {
  if (!URL.canParse(text)) return undefined
  const { protocol, hostname, port, username, password, search, pathname } = new URL(text)
  const isSecure = protocol === 'smtps:'
  if (!isSecure && protocol !== 'smtp:') return undefined
  if (!hostname || search || !['', '/'].includes(pathname)) return undefined
  const auth = credentialsOf(username, password)
  return {
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(port) || (isSecure ? 465 : 587),
    secure: isSecure,
    requireTLS: auth !== undefined && !isSecure && !loopback.test(hostname),
    ...(auth && { auth }),
  }
}

function credentialsOf(username: string, password: string) {
  if (!username && !password) return undefined
  return { user: unescaped(username), pass: unescaped(password) }
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that begins no escape stands for itself.
    return text
  }
}

/** Who mails are from: an address, and a name before it where it has one. */
type MailSender = { name: string; address: string }

function senderOf(text: string): MailSender | undefined {
  const [, name = '', inBrackets] = /^(?:([^<>"\p{Cc}]*?)\s*<([^<>]*)>|[^<>]*)$/u.exec(text) ?? []
  const address = inBrackets ?? text
  return isMailAddress(address) ? { name, address } : undefined
}

/** What a text comes to, or a fault in words. */
const readAs = <T>(read: (text: string) => T | undefined, fault: string) =>
  z.string().transform((text, { addIssue }) => {
    const found = read(text.trim())
    if (found !== undefined) return found
    addIssue({ code: 'custom', message: fault })
    return z.NEVER
  })

/** The variables of what people and the operator are told; `url` is the check of an address. */
export const noticeVariables = (url: z.ZodType<string>, flag: z.ZodType<boolean, string>) => ({
  /** The server that mails are handed to; without it there are none. */
  SMTP_URL: readAs(
    mailServerOf,
    'must be smtp:// or smtps://, with a user and a password where the server wants them, a host, and ' +
      'nothing behind its port; a @ within the password is written %40',
  ).optional(),
  MAIL_FROM: readAs(
    senderOf,
    'must be an address, or a name and an address as in Relay <relay@example.com>',
  ).optional(),
  /** Who is told of upstreams, books and holds. */
  OPERATOR_EMAIL: z
    .string()
    .refine(isMailAddress, 'must be one address, such as ops@example.com')
    .optional(),
  OPERATOR_WEBHOOK_URL: url.optional(),
  OPERATOR_WEBHOOK_SECRET: z
    .string()
    .min(24, 'must have 24 characters or more; `openssl rand -base64 32` makes one')
    .optional(),
  /** Customers' webhooks may lead into the relay's own network. */
  ALLOW_PRIVATE_WEBHOOKS: flag.default(false),
})

/** What is missing beside what is there. */
export function noticeFaults(given: Record<string, string | undefined>): string[] {
  const wrong: string[] = []
  if (given.SMTP_URL && !given.MAIL_FROM)
    wrong.push('MAIL_FROM: is missing; mails need the address that they are from')
  if (given.OPERATOR_EMAIL && !given.SMTP_URL)
    wrong.push('SMTP_URL: is missing; OPERATOR_EMAIL is told by mail')
  if (given.OPERATOR_WEBHOOK_URL && !given.OPERATOR_WEBHOOK_SECRET)
    wrong.push(
      'OPERATOR_WEBHOOK_SECRET: is missing; whoever hears OPERATOR_WEBHOOK_URL tells by it that a call is ours',
    )
  return wrong
}
