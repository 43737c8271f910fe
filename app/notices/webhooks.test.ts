import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { after, describe, test } from 'node:test'
import { capturedCli } from '../../test/captured-cli.ts'
import { headerIn, noticeStage } from '../../test/notices/notice-stage.ts'
import { present } from '../../test/present.ts'
import { limits } from '../config/limits.ts'
import {
  askForTest,
  noteDifferences,
  noteOldHolds,
  noteOpen,
  readWebhook,
  removeWebhook,
  rotateWebhook,
  setChoices,
  setWebhook,
} from './notices.server.ts'

const stage = await noticeStage()
after(() => stage.close())
const { books, envWith, mailsTo, newOwner, notifierOn, receiver, statesOf, tell } = stage
const { pool, sql } = books

describe('a webhook', () => {
  test('is called with what proves who calls, by each of two secrets while both last', async () => {
    const owner = await newOwner(null)
    const url = `${receiver.url}/signed`
    const set = await setWebhook(pool, envWith(), owner, { url, muted: [] })
    assert.ok(set.state === 'made')
    const again = await setWebhook(pool, envWith(), owner, { url, muted: [] })
    assert.equal(again.state, 'changed')
    const second = present(await rotateWebhook(pool, envWith(), owner))
    await tell(owner)
    await notifierOn(pool).turn()
    const { headers, body } = present(receiver.heard.find(({ path }) => path === '/signed'))
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
      receiver.answers.set(path, status)
      await setWebhook(pool, envWith(), owner, { url: receiver.url + path, muted: [] })
      await tell(owner)
    }
    const notifier = notifierOn(pool)
    for (let turn = 0; turn < 5; turn++) await notifier.turn()
    for (const { owner, path, status, tries } of cases) {
      const [row] = await statesOf(owner)
      assert.deepEqual([row?.state, row?.tries, row?.code], ['given up', tries, `http_${status}`])
      const calls = receiver.heard.filter((it) => it.path === path)
      assert.equal(calls.length, tries)
      assert.equal(new Set(calls.map(({ headers }) => headers['webhook-id'])).size, 1)
    }
    assert.ok(!receiver.heard.some(({ path }) => path === '/elsewhere'))
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
    const port = new URL(receiver.url).port
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
    assert.ok(!receiver.heard.some(({ path }) => path === '/turned'))
  })

  test('hears nothing of what was muted, and a test of it once a minute', async () => {
    const owner = await newOwner(null)
    const url = `${receiver.url}/muted`
    await setWebhook(pool, envWith(), owner, { url, muted: ['payment.received'] })
    await setChoices(pool, owner, { mail: true, muted: ['balance.low'] })
    await tell(owner)
    const asked = await Promise.all([1, 2].map(() => askForTest(pool, owner, 'webhook')))
    assert.deepEqual(asked.sort(), [false, true])
    await notifierOn(pool).turn()
    const types = receiver.heard.filter(({ path }) => path === '/muted').map(({ body }) => body)
    assert.equal(types.length, 1)
    assert.match(present(types[0]), /"type":"notice.test"/)
  })
})

describe('the operator', () => {
  const operator = () => ({
    OPERATOR_EMAIL: 'ops@example.com',
    OPERATOR_WEBHOOK_URL: `${receiver.url}/ops`,
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
    const calls = receiver.heard.filter(({ path }) => path === '/ops')
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

test('the command line sends the operator a test, and lists what was told', async () => {
  const relay = capturedCli({ DATABASE_URL: books.url })
  const asked = [await relay('notice', 'test'), await relay('notice', 'test')]
  assert.deepEqual(
    asked.map(({ exitCode }) => exitCode),
    [0, 0],
  )
  const { out } = await relay('notice', 'list', '--json')
  const { notices: rows } = JSON.parse(out) as {
    notices: { kind: string; account_id: number | null }[]
  }
  assert.ok(rows.some(({ kind, account_id: of }) => kind === 'notice.test' && of === null))
  assert.ok(!/example\.(com|org)/.test((await relay('notice', 'list')).out))
})

test('settings of mail and webhooks that cannot work are refused, without their values', () => {
  const secret = 'hunter2'
  const faultsWith = (more: Record<string, string>) => {
    try {
      envWith({ SMTP_URL: '', MAIL_FROM: '', ...more })
    } catch (error) {
      return (error as { wrong: string[] }).wrong
    }
    return []
  }
  for (const [name, more] of [
    ['SMTP_URL', { SMTP_URL: `http://${secret}@mail.example`, MAIL_FROM: 'a@example.com' }],
    ['SMTP_URL', { SMTP_URL: `smtp://h/?x=${secret}`, MAIL_FROM: 'a@example.com' }],
    ['SMTP_URL', { OPERATOR_EMAIL: 'ops@example.com' }],
    ['MAIL_FROM', { SMTP_URL: 'smtp://mail.example' }],
    ['MAIL_FROM', { SMTP_URL: 'smtp://h', MAIL_FROM: `${secret}, a@example.com` }],
    [
      'OPERATOR_EMAIL',
      { OPERATOR_EMAIL: `${secret}@b, c@d`, SMTP_URL: 'smtp://h', MAIL_FROM: 'a@b' },
    ],
    ['OPERATOR_WEBHOOK_SECRET', { OPERATOR_WEBHOOK_URL: `https://example.com/${secret}` }],
    [
      'OPERATOR_WEBHOOK_SECRET',
      { OPERATOR_WEBHOOK_URL: 'https://example.com/', OPERATOR_WEBHOOK_SECRET: secret },
    ],
  ] as [string, Record<string, string>][]) {
    const wrong = faultsWith(more)
    assert.deepEqual(
      wrong.map((line) => line.split(':', 1)[0]),
      [name],
      JSON.stringify(more),
    )
    assert.ok(!wrong.join().includes(secret))
  }
  const { SMTP_URL, MAIL_FROM } = envWith({
    SMTP_URL: 'smtp://me:p%40ss@mail.example',
    MAIL_FROM: 'Relay <relay@example.com>',
  })
  assert.deepEqual(SMTP_URL, {
    host: 'mail.example',
    port: 587,
    secure: false,
    requireTLS: true,
    auth: { user: 'me', pass: 'p@ss' },
  })
  assert.deepEqual(MAIL_FROM, { name: 'Relay', address: 'relay@example.com' })
})

describe('what cannot be told', () => {
  /** A notice whose fact nobody can read, of before whatever is told next. */
  const tellUnreadable = (account: number, kind: string) =>
    sql(
      `insert into notices (id, account_id, kind, payload, created_at)
       values (?, ?, ?, 'not to be read', current_timestamp(3) - interval 1 hour)`,
      [randomBytes(16), account, kind],
    )

  test('does not keep other notices from being spread and sent', async () => {
    const other = await newOwner()
    // One fails where it is decided whom it goes to, the others where they are sent.
    await tellUnreadable((await newOwner()).accountId, 'key.budget')
    for (let lines = 0; lines < limits.notices.sendingAtOnce; lines++)
      await tellUnreadable((await newOwner()).accountId, 'payment.received')
    await tell(other)
    await assert.rejects(notifierOn(pool).turn(), SyntaxError)
    await assert.rejects(notifierOn(pool).turn(), SyntaxError)
    assert.equal(mailsTo(other.email).length, 1)
    await sql(`delete d from notice_deliveries d join notices n on n.id = d.notice_id
                where n.payload = 'not to be read'`)
    await sql(`delete from notices where payload = 'not to be read'`)
  })

  test('does not keep the operator from being told of another upstream', async () => {
    const report = (upstream: string) =>
      ({ upstream, key: null, model: null, state: 'open' }) as unknown as Parameters<
        typeof noteOpen
      >[1][number]
    const patience = { lastingSeconds: 0, calmSeconds: 60 }
    const reports = [report('x'.repeat(500)), report('the other one')]
    await assert.rejects(noteOpen(pool, reports, [], patience))
    const noted = await sql(`select subject from troubles where subject like '%the other one'`)
    assert.equal(noted.length, 1)
  })
})
