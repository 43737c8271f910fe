import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { after, before, describe, test } from 'node:test'
import { findOrSignUp } from '../auth/auth.server.ts'
import { readEnv } from '../config/env.ts'
import type { Db, Pool } from '../db/db.server.ts'
import { writeNotice, type AccountFact } from '../ledger/ledger.server.ts'
import { createLog } from '../telemetry/log.ts'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startMailServer, type MailServer } from '../../dev/fakes/mail/mail-server.ts'
import { testBooks } from '../../test/books.ts'
import { present } from '../../test/present.ts'
import {
  askForAddress,
  askForTest,
  confirmAddress,
  noteDifferences,
  noteOldHolds,
  noteOpen,
  Notifier,
  readChoices,
  readStop,
  readWebhook,
  removeWebhook,
  rotateWebhook,
  setChoices,
  setWebhook,
  stopMail,
} from './notices.server.ts'

const books = await testBooks()
const { pool, sql } = books
const logged: string[] = []
const log = createLog('info', (line) => void logged.push(line))
let mail: MailServer
let receiver: Server
let hookUrl: string

/** What came to the webhook, and with which status it is answered. */
type Heard = { path: string; headers: IncomingMessage['headers']; body: string }
const heard: Heard[] = []
const answers = new Map<string, number>()

before(async () => {
  mail = await startMailServer({ auth: { user: 'relay', pass: 'p@ss' } })
  receiver = createServer((req, res) => {
    let body = ''
    req.on('data', (piece: Buffer) => (body += piece.toString()))
    req.on('end', () => {
      const { url: path = '', headers } = req
      heard.push({ path, headers, body })
      const status = answers.get(path) ?? 204
      res.writeHead(status, { location: `${hookUrl}/elsewhere` }).end()
    })
  })
  hookUrl = `http://127.0.0.1:${await listen(receiver)}`
})
after(async () => {
  await mail.close()
  await closeServer(receiver)
  await books.close()
})

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
const notifierOn = (db: Pool, more: Record<string, string> = {}, leaseSeconds = 60) =>
  new Notifier({ db, env: envWith(more), log, pace: { leaseSeconds, retrySeconds: [0, 0] } })

/** Somebody who owns an account, with an address that their provider has verified. */
async function newOwner(email: string | null = `${randomUUID()}@example.com`) {
  const identity = { provider: 'github', providerUserId: randomUUID(), name: 'Ann', email } as const
  const { userId, accountId } = await findOrSignUp(pool, identity)
  return { userId, accountId, email: email ?? '' }
}
const paid: AccountFact = {
  kind: 'payment.received',
  order: 'o1',
  amount: '20.00',
  currency: 'USD',
  creditNanos: 20_000_000_000,
}
const tell = ({ accountId }: { accountId: number }, fact: AccountFact = paid, db: Db = pool) =>
  writeNotice(db, { about: `${fact.kind} ${randomUUID()}`, accountId, fact })
const mailsTo = (address: string) => mail.taken.filter(({ to }) => to.includes(address))
const headerIn = (text: string, name: string) =>
  new RegExp(`^${name}: ?(.*(?:\n[ \t].*)*)`, 'im').exec(text)?.[1]?.replace(/\n\s+/g, ' ')
const statesOf = ({ accountId }: { accountId: number }) =>
  sql<{ channel: string; state: string; tries: number; code: string | null }>(
    'select channel, state, tries, code from notice_deliveries where account_id = ? order by channel',
    [accountId],
  )

describe('a mail', () => {
  test('goes once to whom it concerns, in words, with a way to stop it', async () => {
    const owner = await newOwner()
    await tell(owner)
    const notifiers = [notifierOn(pool), notifierOn(pool)]
    await Promise.all(notifiers.map((it) => it.turn()))
    await Promise.all(notifiers.map((it) => it.turn()))
    const [taken, ...more] = mailsTo(owner.email)
    assert.equal(more.length, 0)
    const { text, user, from } = present(taken)
    assert.deepEqual([user, from], ['relay', 'relay@example.com'])
    assert.equal(headerIn(text, 'Subject'), 'Your payment of 20.00 USD has arrived')
    assert.match(text, /\$20\.00 of credit were added\./)
    assert.match(text, /Content-Type: text\/html/)
    const stop = present(/<(.*)>/.exec(present(headerIn(text, 'List-Unsubscribe')))?.[1])
    const asked = readStop(envWith(), new URL(stop).searchParams)
    assert.deepEqual(asked, { accountId: owner.accountId, userId: owner.userId })
    await stopMail(pool, present(asked))
    await tell(owner)
    await present(notifiers[0]).turn()
    assert.equal(mailsTo(owner.email).length, 1)
    const forged = new URL(stop).searchParams
    forged.set('user', String(owner.userId + 1))
    assert.equal(readStop(envWith(), forged), undefined)
  })

  test('says nothing more than one line of a name that people chose', async () => {
    const owner = await newOwner()
    const plan = 'Gold\r\nBcc: other@example.com\r\n\r\n<script>'
    const endsAt = new Date().toISOString()
    await tell(owner, { kind: 'plan.ends', plan, endsAt, why: 'canceled' })
    await notifierOn(pool).turn()
    const { text, to } = present(mailsTo(owner.email)[0])
    assert.deepEqual(to, [owner.email])
    assert.equal(headerIn(text, 'Bcc'), undefined)
    assert.match(present(headerIn(text, 'Subject')), /^The plan Gold Bcc: other@example.com/)
  })

  test('is tried again where the server wants that, and given up where nobody is there', async () => {
    const later = await newOwner(`later+${randomUUID()}@example.com`)
    const refused = await newOwner(`refused+${randomUUID()}@example.com`)
    await Promise.all([tell(later), tell(refused)])
    const notifier = notifierOn(pool)
    await notifier.turn()
    assert.deepEqual(
      { ...present((await statesOf(later))[0]) },
      {
        channel: 'mail',
        state: 'waiting',
        tries: 1,
        code: 'smtp_451',
      },
    )
    await notifier.turn()
    assert.equal(mailsTo(later.email).length, 1)
    const [given] = await statesOf(refused)
    assert.deepEqual([given?.state, given?.tries, given?.code], ['given up', 1, 'smtp_550'])
    assert.equal(mail.named(refused.email), 1)
    const lines = logged.filter((line) => line.includes(`"account":${refused.accountId}`))
    assert.equal(lines.length, 1)
    assert.ok(!logged.join().includes(refused.email))
  })

  test('whose sender dies before it has noted it is sent again under the same id', async () => {
    const owner = await newOwner()
    await tell(owner)
    const dying = notifierOn(diesAt('notices/mark-ended'), {}, 0)
    await assert.rejects(dying.turn(), /died/)
    await notifierOn(pool).turn()
    const ids = mailsTo(owner.email).map(({ text }) => headerIn(text, 'Message-ID'))
    assert.equal(ids.length, 2)
    assert.equal(new Set(ids).size, 1)
    assert.equal((await statesOf(owner))[0]?.state, 'sent')
  })

  test('whose connection ends when it was taken comes once more, not for ever', async () => {
    const owner = await newOwner(`dropped+${randomUUID()}@example.com`)
    await tell(owner)
    const notifier = notifierOn(pool)
    for (let turn = 0; turn < 5; turn++) await notifier.turn()
    assert.equal(mailsTo(owner.email).length, 3)
    assert.deepEqual([(await statesOf(owner))[0]?.state], ['given up'])
  })

  test('goes to another address only once its owner has confirmed it', async () => {
    const owner = await newOwner()
    const env = envWith()
    const other = `${randomUUID()}@example.org`
    assert.equal(await askForAddress(pool, owner, 'a@b, c@d'), 'invalid')
    assert.equal(await askForAddress(pool, owner, other), 'asked')
    const notifier = notifierOn(pool)
    await notifier.turn()
    await tell(owner)
    await notifier.turn()
    assert.deepEqual([mailsTo(other).length, mailsTo(owner.email).length], [1, 1])
    const link = /settings\/notices\/confirm\?proof=([\w-]+)/.exec(
      present(mailsTo(other)[0]).text.replace(/=\n/g, '').replaceAll('=3D', '='),
    )
    const proof = present(link?.[1])
    const stranger = await newOwner()
    await askForAddress(pool, stranger, other)
    assert.equal(await confirmAddress(pool, env, { userId: stranger.userId, proof }), false)
    assert.equal(await confirmAddress(pool, env, { ...owner, proof }), true)
    assert.equal((await readChoices(pool, owner)).address, other)
    const asks = await Promise.all([1, 2, 3, 4, 5].map(() => askForAddress(pool, owner, other)))
    assert.equal(asks.filter((it) => it === 'too often').length, 1)
  })
})

describe('a webhook', () => {
  test('is called with what proves who calls, by each of two secrets while both last', async () => {
    const owner = await newOwner(null)
    const url = `${hookUrl}/signed`
    const set = await setWebhook(pool, envWith(), owner, { url, muted: [] })
    assert.ok(set.state === 'made')
    const again = await setWebhook(pool, envWith(), owner, { url, muted: [] })
    assert.equal(again.state, 'changed')
    const second = present(await rotateWebhook(pool, envWith(), owner))
    await tell(owner)
    await notifierOn(pool).turn()
    const { headers, body } = present(heard.find(({ path }) => path === '/signed'))
    const id = String(headers['webhook-id'])
    const at = String(headers['webhook-timestamp'])
    const signatures = String(headers['webhook-signature']).split(' ')
    for (const secret of [set.secret, second]) {
      const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
      const proof = createHmac('sha256', key).update(`${id}.${at}.${body}`).digest('base64')
      assert.ok(signatures.includes(`v1,${proof}`))
    }
    const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> }
    assert.equal(type, 'payment.received')
    assert.deepEqual([data.account, data.creditUsd], [owner.accountId, '20.000000000'])
    const [{ rows } = { rows: '' }] = await sql<{ rows: string }>(
      'select concat(hex(seed), hex(old_seed), url) as `rows` from webhooks where account_id = ?',
      [owner.accountId],
    )
    assert.ok(!rows.includes(Buffer.from(second.slice(6), 'base64').toString('hex').toUpperCase()))
    const log = await sql('select action from account_log where account_id = ? order by id', [
      owner.accountId,
    ])
    assert.deepEqual(
      log.map((row) => row.action),
      ['webhook set', 'webhook set', 'webhook rotate'],
    )
    await removeWebhook(pool, owner)
    assert.equal(await readWebhook(pool, owner.accountId), undefined)
  })

  test('that fails or leads elsewhere is tried so often, and one that is gone once', async () => {
    const [broken, moved, gone] = [await newOwner(null), await newOwner(null), await newOwner(null)]
    const cases = [
      { owner: broken, path: '/broken', status: 500, tries: 3 },
      { owner: moved, path: '/moved', status: 302, tries: 3 },
      { owner: gone, path: '/gone', status: 410, tries: 1 },
    ]
    for (const { owner, path, status } of cases) {
      answers.set(path, status)
      await setWebhook(pool, envWith(), owner, { url: hookUrl + path, muted: [] })
      await tell(owner)
    }
    const notifier = notifierOn(pool)
    for (let turn = 0; turn < 5; turn++) await notifier.turn()
    for (const { owner, path, status, tries } of cases) {
      const [row] = await statesOf(owner)
      assert.deepEqual([row?.state, row?.tries, row?.code], ['given up', tries, `http_${status}`])
      const calls = heard.filter((it) => it.path === path)
      assert.equal(calls.length, tries)
      assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1)
    }
    assert.ok(!heard.some(({ path }) => path === '/elsewhere'))
  })

  test('into a network of the relay’s own is refused, at entry and when its name turns', async () => {
    const owner = await newOwner(null)
    const strict = envWith({ ALLOW_PRIVATE_WEBHOOKS: '0' })
    for (const url of [
      'https://127.0.0.1/x',
      'https://0x7f.1/x',
      'https://[::1]/x',
      'https://[::ffff:10.0.0.1]/x',
      'https://169.254.169.254/latest',
      'https://localhost/x',
      'https://relay.internal/x',
      'http://example.com/x',
      'https://user:pass@example.com/x',
      'ftp://example.com/x',
      'nonsense',
    ]) {
      const { state } = await setWebhook(pool, strict, owner, { url, muted: [] })
      assert.equal(state, 'invalid', url)
    }
    // A name that was let in, and leads to loopback when it is called.
    const port = new URL(hookUrl).port
    const turned = `http://localhost:${port}/turned`
    await setWebhook(pool, envWith(), owner, { url: turned, muted: [] })
    await sql('update webhooks set url = ? where account_id = ?', [
      `https://turned.localhost.example:${port}/turned`,
      owner.accountId,
    ])
    await tell(owner)
    await notifierOn(pool, { ALLOW_PRIVATE_WEBHOOKS: '0' }).turn()
    await sql('update webhooks set url = ? where account_id = ?', [turned, owner.accountId])
    await notifierOn(pool, { ALLOW_PRIVATE_WEBHOOKS: '0' }).turn()
    assert.deepEqual(
      (await statesOf(owner)).map(({ code }) => code),
      ['target'],
    )
    assert.ok(!heard.some(({ path }) => path === '/turned'))
  })

  test('hears nothing of what was muted, and a test of it once a minute', async () => {
    const owner = await newOwner(null)
    const url = `${hookUrl}/muted`
    await setWebhook(pool, envWith(), owner, { url, muted: ['payment.received'] })
    await setChoices(pool, owner, { mail: true, muted: ['balance.low'] })
    await tell(owner)
    const asked = await Promise.all([1, 2].map(() => askForTest(pool, owner, 'webhook')))
    assert.deepEqual(asked.sort(), [false, true])
    await notifierOn(pool).turn()
    const types = heard.filter(({ path }) => path === '/muted').map(({ body }) => body)
    assert.equal(types.length, 1)
    assert.match(present(types[0]), /"type":"notice.test"/)
  })
})

describe('the operator', () => {
  const operator = () => ({
    OPERATOR_EMAIL: 'ops@example.com',
    OPERATOR_WEBHOOK_URL: `${hookUrl}/ops`,
    OPERATOR_WEBHOOK_SECRET: 'a secret of the operator, long enough',
  })
  const subjects = () =>
    mailsTo('ops@example.com').map(({ text }) => headerIn(text, 'Subject') ?? '')

  test('is told once of what lasts, by however many it is seen, and again after a calm', async () => {
    const open = { upstream: 'demo', key: 'k', model: null, state: 'open', forMs: 1 } as const
    const see = (patience: { lastingSeconds: number; calmSeconds: number }) =>
      Promise.all([1, 2].map(() => noteOpen(pool, [open], ['gpt-test'], patience)))
    await see({ lastingSeconds: 60, calmSeconds: 900 })
    const notifier = notifierOn(pool, operator())
    await notifier.turn()
    assert.deepEqual(subjects(), [])
    await see({ lastingSeconds: 0, calmSeconds: 900 })
    await see({ lastingSeconds: 0, calmSeconds: 900 })
    await notifier.turn()
    assert.deepEqual(subjects().sort(), ['No upstream serves gpt-test', 'Upstream demo fails'])
    await sql('update troubles set seen_at = seen_at - interval 1 hour')
    await see({ lastingSeconds: 0, calmSeconds: 900 })
    await notifier.turn()
    assert.equal(subjects().length, 4)
    const calls = heard.filter(({ path }) => path === '/ops')
    assert.equal(calls.length, 4)
  })

  test('is told of books that differ, and of holds that nobody closes', async () => {
    const customer = await newOwner()
    await sql(
      `insert into holds (call_id, account_id, key_id, plan_nanos, balance_nanos, relay_id, model,
                          price_id, output_tokens_max, streamed, started_at, created_at)
       values (?)`,
      [
        [Buffer.alloc(16, 7), customer.accountId, 1, 0, 0, Buffer.alloc(16), 'm', 1, 1, 0].concat([
          '2026-01-01',
          '2026-01-01',
        ] as never[]),
      ],
    )
    await noteOldHolds(pool)
    await noteOldHolds(pool)
    await sql('delete from holds')
    await noteDifferences(pool, 3, new Date())
    const before = subjects().length
    await notifierOn(pool, operator()).turn()
    assert.deepEqual(subjects().slice(before).sort(), ['1 holds are old', 'The books differ'])
  })
})

/** A database of a process that dies at one statement: it never comes to the server. */
function diesAt(name: string): Pool {
  return {
    ...pool,
    send: (bound) =>
      bound.statement.name === name ? Promise.reject(new Error('died')) : pool.send(bound),
  }
}
