import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import type { Pool } from '../db/db.server.ts'
import { startMailServer } from '../../dev/fakes/mail/mail-server.ts'
import { makeCertificate } from '../../dev/servers/certificate.ts'
import { headerIn, noticeStage } from '../../test/notices/notice-stage.ts'
import { present } from '../../test/present.ts'
import { askForAddress, confirmAddress, readChoices, readStop, stopMail } from './notices.server.ts'

const stage = await noticeStage()
after(() => stage.close())
const { books, envWith, logged, mail, mailsTo, newOwner, notifierOn, statesOf, tell } = stage
const { pool } = books

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
    assert.match(
      present(headerIn(text, 'Subject')),
      /^The plan Gold Bcc: other@example.com <script> ends$/,
    )
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
    const dying = notifierOn(diesAt('notices/mark-ended'), {}, { leaseSeconds: 0 })
    await assert.rejects(dying.turn(), /died/)
    await notifierOn(pool).turn()
    const ids = mailsTo(owner.email).map(({ text }) => headerIn(text, 'Message-ID'))
    assert.equal(ids.length, 2)
    assert.equal(new Set(ids).size, 1)
    assert.equal((await statesOf(owner))[0]?.state, 'sent')
  })

  test('goes over TLS where the server has it, and never with a password in the clear', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'notices-'))
    const files = makeCertificate(folder)
    const [cert, key] = [files.certificate, files.key].map((file) => readFileSync(file))
    const safe = await startMailServer({ tls: { cert: present(cert), key: present(key) } })
    const owner = await newOwner()
    await tell(owner)
    const SMTP_URL = `smtp://localhost:${safe.port}`
    const untrusted = notifierOn(pool, { SMTP_URL })
    await untrusted.turn()
    assert.deepEqual([(await statesOf(owner))[0]?.state, safe.taken.length], ['waiting', 0])
    await notifierOn(pool, { SMTP_URL }, { ca: present(cert) }).turn()
    assert.deepEqual(
      safe.taken.map(({ isSecure, to }) => [isSecure, to]),
      [[true, [owner.email]]],
    )
    await safe.close()
    rmSync(folder, { recursive: true })
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

/** A database of a process that dies at one statement: it never comes to the server. */
function diesAt(name: string): Pool {
  return {
    ...pool,
    send: (bound) =>
      bound.statement.name === name ? Promise.reject(new Error('died')) : pool.send(bound),
  }
}
