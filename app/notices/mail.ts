import type { SecureContextOptions } from 'node:tls'
import { createTransport, type Transporter } from 'nodemailer'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { noticesPath } from '../paths.ts'
import { isMailAddress } from '../values/notices/mail-address.ts'
import type { Told } from './words.ts'

const { connectMsMax, sendMsMax } = limits.notices

/** One mail, in words. */
export type Mail = {
  to: string
  told: Told
  /** The same for every try of it, so that whoever gets it twice sees it once. */
  id: string
  /** Which account it is about, where it is about one. */
  about?: string
  /** Where whoever reads it can have them stopped; absent of what they asked for themselves. */
  stopUrl?: string
}

/** Names are people's own: a subject is one line of what can be seen. */
const oneLine = (text: string) => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()

const escaped = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

/** The same words as a text and as a small page, which takes nothing from anywhere. */
function bodiesOf({ told, about, stopUrl }: Mail, site: string) {
  const { lines, path } = told
  const url = path && `${site}${path}`
  const foot = stopUrl
    ? [
        `What you are told, and where: ${site}${noticesPath}`,
        `No more mails of this account: ${stopUrl}`,
      ]
    : []
  const paragraphs = [...lines, ...(url ? [url] : []), ...(about ? [about] : [])]
  const text = [...paragraphs, ...(foot.length ? ['-- ', ...foot] : [])].join('\n\n')
  const linked = (line: string) =>
    escaped(line).replace(/https?:\/\/\S+$/, (it) => `<a href="${it}">${it}</a>`)
  const html = [
    '<!doctype html><html lang="en"><body style="font-family:sans-serif">',
    ...paragraphs.map((line) => `<p>${linked(line)}</p>`),
    ...foot.map((line) => `<p style="font-size:small">${linked(line)}</p>`),
    '</body></html>',
  ].join('\n')
  return { text: `${text}\n`, html }
}

/** Hands mails to the server that the environment names. */
export class Mailer {
  private readonly transport: Transporter
  private readonly site: string
  private readonly host: string

  constructor(
    private readonly env: Env & Required<Pick<Env, 'SMTP_URL' | 'MAIL_FROM'>>,
    tls: SecureContextOptions = {},
  ) {
    this.site = env.APP_URL
    this.host = new URL(env.APP_URL).hostname
    this.transport = createTransport({
      ...env.SMTP_URL,
      tls,
      connectionTimeout: connectMsMax,
      greetingTimeout: connectMsMax,
      socketTimeout: sendMsMax,
      dnsTimeout: connectMsMax,
      // A mail is what is written here: nothing is read from a disk or an address for it.
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }

  /** Rejects where the server has not taken it. */
  async send(mail: Mail): Promise<void> {
    if (!isMailAddress(mail.to)) throw new MailRefused('no_address')
    const { stopUrl, id, told } = mail
    await this.transport.sendMail({
      from: this.env.MAIL_FROM,
      to: { name: '', address: mail.to },
      subject: oneLine(told.subject),
      messageId: `<${id}@${this.host}>`,
      headers: { 'auto-submitted': 'auto-generated' },
      ...(stopUrl && { list: { unsubscribe: stopUrl } }),
      ...bodiesOf(mail, this.site),
    })
  }
}

/** Nobody takes such a mail, however often it is sent. */
class MailRefused extends Error {
  constructor(readonly code: string) {
    super(code)
  }
}

/** Whether a server has said for good that it does not take this mail (RFC 5321, section 4.2.1). */
export function isRefusedForGood(error: unknown): boolean {
  if (error instanceof MailRefused) return true
  const { responseCode = 0, code } = error as { responseCode?: number; code?: string }
  // A wrong password is the operator's to mend, and mails wait for that.
  return responseCode >= 500 && responseCode < 600 && code === 'EENVELOPE'
}
