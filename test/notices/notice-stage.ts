import { createServer, type IncomingMessage } from 'node:http'
import { randomUUID } from 'node:crypto'
import { findOrSignUp } from '../../app/auth/auth.server.ts'
import { readEnv } from '../../app/config/env.ts'
import type { Db, Pool } from '../../app/db/db.server.ts'
import { writeNotice, type AccountFact } from '../../app/ledger/ledger.server.ts'
import { Notifier } from '../../app/notices/notices.server.ts'
import { createLog } from '../../app/telemetry/log.ts'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startMailServer } from '../../dev/fakes/mail/mail-server.ts'
import { testBooks } from '../books.ts'

/** What came to the webhook. */
type Heard = { path: string; headers: IncomingMessage['headers']; body: string }

const paid: AccountFact = {
  kind: 'payment.received',
  order: 'o1',
  amount: '20.00',
  currency: 'USD',
  creditNanos: 20_000_000_000,
}

/** Where the webhooks of tests lead: answered with 204, or what `answers` says of a path. */
async function startReceiver() {
  const heard: Heard[] = []
  const answers = new Map<string, number>()
  const server = createServer((req, res) => {
    let body = ''
    req.on('data', (piece: Buffer) => (body += piece.toString()))
    req.on('end', () => {
      const { url: path = '', headers } = req
      heard.push({ path, headers, body })
      res.writeHead(answers.get(path) ?? 204, { location: '/elsewhere' }).end()
    })
  })
  const url = `http://127.0.0.1:${await listen(server)}`
  return { url, heard, answers, close: () => closeServer(server) }
}

/** Books, a mail server and a webhook, and notifiers between them. */
export async function noticeStage() {
  const books = await testBooks()
  const mail = await startMailServer({ auth: { user: 'relay', pass: 'p@ss' } })
  const receiver = await startReceiver()
  const { pool, sql } = books
  const logged: string[] = []
  const log = createLog('info', (line) => void logged.push(line))
  const envWith = (more: Record<string, string> = {}) =>
    readEnv({
      NODE_ENV: 'test',
      RELAY_MODE: 'local',
      DATABASE_URL: books.url,
      REDIS_URL: 'redis://127.0.0.1:1',
      OPENAI_API_KEY: 'unused',
      SESSION_SECRET: 'a secret that is for tests alone, and long',
      SMTP_URL: `smtp://relay:p%40ss@127.0.0.1:${mail.port}`,
      MAIL_FROM: 'The relay <relay@example.com>',
      ALLOW_PRIVATE_WEBHOOKS: '1',
      ...more,
    })
  const pace = { leaseSeconds: 60, retrySeconds: [0, 0] }
  return {
    books,
    mail,
    receiver,
    logged,
    envWith,
    /** One that tries three times, without waiting. */
    notifierOn: (
      db: Pool,
      more: Record<string, string> = {},
      { leaseSeconds = 60, ca }: { leaseSeconds?: number; ca?: Buffer } = {},
    ) => {
      const tls = ca && { tls: { ca } }
      return new Notifier({ db, env: envWith(more), log, pace: { ...pace, leaseSeconds }, ...tls })
    },
    /** Somebody who owns an account, with an address that their provider has verified. */
    async newOwner(email: string | null = `${randomUUID()}@example.com`) {
      const who = { provider: 'github', providerUserId: randomUUID(), name: 'Ann' } as const
      const { userId, accountId } = await findOrSignUp(pool, { ...who, email })
      return { userId, accountId, email: email ?? '' }
    },
    tell: ({ accountId }: { accountId: number }, fact: AccountFact = paid, db: Db = pool) =>
      writeNotice(db, { about: `${fact.kind} ${randomUUID()}`, accountId, fact }),
    mailsTo: (address: string) => mail.taken.filter(({ to }) => to.includes(address)),
    statesOf: ({ accountId }: { accountId: number }) =>
      sql<{ channel: string; state: string; tries: number; code: string | null }>(
        'select channel, state, tries, code from notice_deliveries where account_id = ?',
        [accountId],
      ),
    async close() {
      await mail.close()
      await receiver.close()
      await books.close()
    },
  }
}

/** A line of a mail's head, in one line. */
export const headerIn = (text: string, name: string) =>
  new RegExp(`^${name}: ?(.*(?:\n[ \t].*)*)`, 'im').exec(text)?.[1]?.replace(/\n\s+/g, ' ')
