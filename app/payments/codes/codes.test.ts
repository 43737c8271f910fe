import assert from 'node:assert/strict'
import { after, afterEach, before, describe, test } from 'node:test'
import { createPool, rollBack, run, type Pool } from '../../db/db.server.ts'
import { eventually } from '../../../dev/command/eventually.ts'
import { capturedCli } from '../../../test/captured-cli.ts'
import { readEnv } from '../../config/env.ts'
import { readCosts } from '../../catalog/catalog.server.ts'
import { verify } from '../../ledger/ledger.server.ts'
import { byOwner, ownerOf } from '../../../test/owner.ts'
import { present } from '../../../test/present.ts'
import { startStage, type Stage } from '../../../test/stage.ts'
import { TopUp } from '../top-up.ts'
import { newCode } from './code-text.ts'
import { redeemCode } from './redeem-code.ts'

const usd = 1_000_000_000

let stage: Stage
let pool: Pool
/** Another replica's way to the same books. */
let other: Pool
let relay: ReturnType<typeof capturedCli>
before(async () => {
  stage = await startStage()
  // Wide, because many wait for one code at once.
  const replica = () => createPool(stage.relay.env.DATABASE_URL, { size: 25 })
  pool = replica()
  other = replica()
  relay = capturedCli({ DATABASE_URL: stage.relay.env.DATABASE_URL })
})
after(async () => {
  await Promise.all([pool.close(), other.close()])
  await stage.stop()
})
afterEach(() => stage.expectCleanBooks())

type Made = { batch: number; codes: { number: number; code: string }[] }

async function make(...more: string[]): Promise<Made & { first: string }> {
  const { out, err, exitCode } = await relay('codes', 'make', '--json', '--value', '5', ...more)
  assert.equal(exitCode, 0, err)
  const made = JSON.parse(out) as Made
  return { ...made, first: present(made.codes[0]).code }
}

/** The account of somebody who has nothing yet. */
async function poor() {
  const { accountId } = await stage.newCustomer({ balanceNanos: 0 })
  await ownerOf(pool, accountId)
  return accountId
}
const redeem = async (accountId: number, code: unknown, by = pool) =>
  redeemCode(by, { ...(await byOwner(pool, { accountId })), code })
const stateOf = async (accountId: number, code: unknown, by = pool) =>
  (await redeem(accountId, code, by)).state
const balanceOf = async (accountId: number) =>
  (
    await stage.sql<{ nanos: number }>('select balance_nanos as nanos from accounts where id = ?', [
      accountId,
    ])
  )[0]?.nanos
const leftOf = async (number: number | undefined) =>
  (
    await stage.sql<{ uses: number }>('select uses_left as uses from codes where id = ?', [number])
  )[0]?.uses

describe('a code', () => {
  test('is worth its value once, and a second time nothing', async () => {
    const { first, codes } = await make('--count', '1')
    const accountId = await poor()
    const codeId = present(codes[0]).number
    assert.deepEqual(await redeem(accountId, first.toLowerCase()), {
      state: 'redeemed',
      codeId,
      valueNanos: 5 * usd,
      planId: null,
    })
    assert.equal(await stateOf(accountId, first), 'repeated')
    assert.equal(await stateOf(await poor(), first), 'used up')
    assert.equal(await balanceOf(accountId), 5 * usd)
    const [entry] = await stage.sql('select kind, ref, actor from entries where account_id = ?', [
      accountId,
    ])
    const ref = `code:${codeId}:${accountId}`
    assert.deepEqual(
      { ...entry },
      { kind: 'grant', ref, actor: `user:${await ownerOf(pool, accountId)}` },
    )
    const logged = await stage.sql(
      `select subject from account_log where action = 'code redeem' and account_id = ?`,
      [accountId],
    )
    assert.deepEqual(
      logged.map((row) => ({ ...row })),
      [{ subject: `code ${codeId}` }],
    )
  })

  test('that a hundred redeem at once on two replicas credits as many as it has uses', async () => {
    const one = await make('--count', '1')
    const three = await make('--count', '1', '--uses', '3')
    const accounts = await Promise.all(Array.from({ length: 25 }, poor))
    const race = (code: string) =>
      Promise.all(
        accounts.flatMap((accountId) =>
          [pool, other, pool, other].map((by) => stateOf(accountId, code, by)),
        ),
      )
    const count = (states: string[], state: string) => states.filter((it) => it === state).length
    assert.equal(count(await race(one.first), 'redeemed'), 1)
    assert.equal(count(await race(three.first), 'redeemed'), 3)
    const balances = await Promise.all(accounts.map(balanceOf))
    assert.equal(
      balances.reduce((sum: number, nanos) => sum + (nanos ?? 0), 0),
      4 * 5 * usd,
    )
    assert.equal(await leftOf(three.codes[0]?.number), 0)
  })

  test('is redeemed once a person, in whatever account they come into, also at once', async () => {
    const { first, codes } = await make('--count', '1', '--uses', '9')
    const homes = await Promise.all(Array.from({ length: 6 }, poor))
    const [home] = homes
    const userId = await ownerOf(pool, present(home))
    for (const accountId of homes.slice(1))
      await stage.sql('insert into memberships (account_id, user_id, role) values (?, ?, ?)', [
        accountId,
        userId,
        'billing',
      ])
    const asked = homes.map((accountId, i) =>
      redeemCode(i % 2 ? pool : other, { accountId, userId, code: first }),
    )
    const answers = await Promise.all(asked)
    const states = answers.map(({ state }) => state)
    assert.deepEqual(
      states.toSorted(),
      [...Array<string>(5).fill('repeated'), 'redeemed'].toSorted(),
    )
    for (const it of answers) assert.ok(it.state !== 'repeated' || it.isElsewhere)
    assert.equal(await leftOf(codes[0]?.number), 8)
    // Whoever owns one of the others has had nothing of it, and redeems it.
    const next = present(homes[states[1] === 'redeemed' ? 2 : 1])
    assert.equal(await stateOf(next, first), 'redeemed')
  })

  test('whose redemption dies in the middle is as it was, and is redeemed after', async () => {
    const { first, codes } = await make('--count', '1')
    const accountId = await poor()
    const number = present(codes[0]).number
    const owner = await byOwner(pool, { accountId })
    // The entry's place is taken, so that the transaction waits for it behind what it has done.
    const holder = createPool(stage.relay.env.DATABASE_URL, { size: 1 })
    let release = () => {}
    const held = new Promise<void>((resolve) => (release = resolve))
    let isHeld = false
    const holding = holder.transact(async (db) => {
      const place = { codeId: number, ...owner, valueNanos: 0, planId: null, entrySeq: 0 }
      await run(db, 'payments/codes/insert-redemption', { ...place, redeemedAt: '2026-01-01' })
      isHeld = true
      await held
      return rollBack('held')
    })
    await eventually('the place is taken', () => Promise.resolve(isHeld))
    const dying = redeem(accountId, first, other).then(
      ({ state }) => state,
      () => 'died',
    )
    const waiting = await eventually('it waits', async () => {
      const list = await stage.sql<{ Id: number; Info: string | null }>('show processlist')
      return list.find(({ Info }) => Info?.startsWith('insert into code_redemptions (code_id'))
    })
    await stage.sql('kill ?', [waiting.Id])
    assert.equal(await dying, 'died')
    release()
    await holding
    await holder.close()
    assert.equal(await balanceOf(accountId), 0)
    assert.equal(await leftOf(number), 1)
    assert.equal(await stateOf(accountId, first), 'redeemed')
    assert.equal(await balanceOf(accountId), 5 * usd)
  })

  test('that is canceled, expired, or more than may be held, is not used', async () => {
    const { batch, codes, first } = await make('--count', '3')
    const accountId = await poor()
    const second = present(codes[1])
    await relay('codes', 'cancel', String(batch), '--number', String(second.number))
    assert.equal(await stateOf(accountId, second.code), 'canceled')
    await stage.sql(`update accounts set status = 'suspended' where id = ?`, [accountId])
    assert.equal(await stateOf(accountId, first), 'suspended')
    await stage.sql(`update accounts set status = 'active' where id = ?`, [accountId])
    await relay('grant', String(accountId), '8999999')
    assert.equal(await stateOf(accountId, first), 'over the limit')
    await stage.sql('update code_batches set expires_at = now(3) where id = ?', [batch])
    assert.equal(await stateOf(accountId, first), 'expired')
    await relay('codes', 'cancel', String(batch))
    assert.equal(await stateOf(accountId, first), 'canceled')
    assert.equal(await stateOf(accountId, newCode()), 'unknown')
    assert.equal(await balanceOf(accountId), 8_999_999 * usd)
    for (const { number } of codes) assert.equal(await leftOf(number), 1)
  })

  test('that is for a plan begins it for as many months, unless there is one', async () => {
    const { err } = await relay('plans', 'add', 'Small', '--credit', '7', '--price', '6')
    assert.equal(err, '')
    const args = ['--count', '2', '--plan', 'Small', '--months', '3', '--csv']
    const { out } = await relay('codes', 'make', ...args)
    const [first, second] = out
      .split('\n')
      .slice(1)
      .map((line) => present(line.split(',')[0]))
    const accountId = await poor()
    assert.equal(await stateOf(accountId, first), 'redeemed')
    assert.equal(await stateOf(accountId, first), 'repeated')
    assert.equal(await stateOf(accountId, second), 'has a plan')
    const [has] = await stage.sql<{ plan: number; balance: number; months: number }>(
      `select a.plan_nanos as plan, a.balance_nanos as balance,
              timestampdiff(month, s.created_at - interval 1 day, s.ends_at) as months
         from accounts a join subscriptions s on s.account_id = a.id where a.id = ?`,
      [accountId],
    )
    assert.deepEqual({ ...has }, { plan: 7 * usd, balance: 0, months: 3 })
  })

  test('is missed by verify where a redemption and its entry do not belong together', async () => {
    const { first, codes } = await make('--count', '1')
    const accountId = await poor()
    await redeem(accountId, first)
    const number = present(codes[0]).number
    const wrongAfter = async (change: string, back: string) => {
      await stage.sql(change)
      const { differences } = await verify(pool, readCosts)
      await stage.sql(back)
      assert.ok(differences.length > 0, change)
      for (const { check } of differences) assert.equal(check, 'codes')
    }
    const where = `where code_id = ${number}`
    await wrongAfter(
      `update code_redemptions set entry_seq = 9 ${where}`,
      `update code_redemptions set entry_seq = 1 ${where}`,
    )
    await wrongAfter(
      `update code_redemptions set value_nanos = 6 ${where}`,
      `update code_redemptions set value_nanos = ${5 * usd} ${where}`,
    )
    await wrongAfter(
      `update codes set uses_left = 1 where id = ${number}`,
      `update codes set uses_left = 0 where id = ${number}`,
    )
    await wrongAfter(
      `update code_redemptions set code_id = 0 ${where}`,
      `update code_redemptions set code_id = ${number} where code_id = 0`,
    )
  })
})

describe('codes on the command line', () => {
  test('are printed once, and kept as digests', async () => {
    const { out } = await relay('codes', 'make', '--count', '3', '--value', '0.5', '--csv')
    const [head, ...lines] = out.trimEnd().split('\n')
    assert.equal(head, 'code,number,batch,value_usd,plan,months,expires_at')
    assert.equal(lines.length, 3)
    const [code = '', number, batch] = present(lines[0]).split(',')
    for (const table of ['codes', 'code_batches', 'admin_log', 'account_log']) {
      const rows = JSON.stringify(await stage.sql('select * from ??', [table]))
      assert.ok(!rows.includes(code.replaceAll('-', '')) && !rows.includes(code), table)
    }
    const accountId = await poor()
    assert.equal(await stateOf(accountId, code), 'redeemed')
    assert.equal(await balanceOf(accountId), usd / 2)
    const shown = JSON.parse((await relay('codes', 'redeemed', String(batch), '--json')).out)
    assert.deepEqual(
      shown.redeemed.map((it: { number: number; account_id: number }) => [
        it.number,
        it.account_id,
      ]),
      [[Number(number), accountId]],
    )
    const listed = JSON.parse((await relay('codes', 'list', '--json')).out).batches
    const of = listed.find((it: { batch: number }) => it.batch === Number(batch))
    assert.deepEqual([of.state, of.codes, of.uses, of.redeemed], ['usable', 3, 1, 1])
    assert.ok(!JSON.stringify(listed).includes(code))
    assert.match((await relay('codes', 'cancel', String(batch))).out, /is canceled/)
    assert.match((await relay('codes', 'cancel', String(batch))).out, /was canceled before/)
  })

  test('are refused where they make no sense', async () => {
    const wrong = async (...args: string[]) =>
      (await relay('codes', 'make', '--count', '1', ...args)).err
    assert.match(await wrong(), /worth a --value or a --plan/)
    assert.match(await wrong('--plan', 'x'), /--plan and --months go together/)
    assert.match(await wrong('--plan', 'x', '--months', '1'), /There is no plan x on sale/)
    assert.match(await wrong('--value', '0'), /value must be dollars/)
    assert.match(await wrong('--value', '9000001'), /more than an account may hold/)
    assert.match(await wrong('--value', '1', '--expires', '2020-01-01'), /expires is in the past/)
    assert.match(
      (await relay('codes', 'make', '--count', '10001', '--value', '1')).err,
      /count must/,
    )
    assert.match((await relay('codes', 'redeemed', '999999')).err, /no batch of codes 999999/)
  })
})

describe('a call that is refused for money', () => {
  const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] }
  const input = 'hello'
  const bodies = {
    'chat/completions': body,
    completions: { model: 'gpt-3.5-turbo-instruct', prompt: input },
    embeddings: { model: 'text-embedding-3-small', input },
    responses: { model: 'gpt-4o-mini', input },
    messages: { ...body, model: 'claude-haiku-4-5', max_tokens: 9 },
  }
  /** What each endpoint says of where credit is added, in its own shape. */
  async function told() {
    const customer = await stage.newCustomer({ balanceNanos: 0 })
    const asked = Object.entries(bodies).map(async ([path, body]) => {
      const { status, text } = await stage.ask({ customer, path, body })
      assert.equal(status, 402, `${path}: ${text}`)
      const { error } = JSON.parse(text) as { error: { message: string; top_up_url?: string } }
      return error
    })
    return Promise.all(asked)
  }

  test('names the page where a code can be redeemed, while there is one', async () => {
    const { topUp } = stage.relay.services
    await stage.sql('update code_batches set canceled_at = now(3)')
    await topUp.look()
    for (const { message, ...more } of await told()) {
      assert.equal('top_up_url' in more, false)
      assert.match(message, /ask whoever runs this relay for credit/)
    }
    await make('--count', '1')
    await topUp.look()
    const page = `${stage.relay.env.APP_URL}/billing`
    for (const { message, top_up_url } of await told()) {
      assert.equal(top_up_url, page)
      assert.ok(message.endsWith(` For credit: ${page}`), message)
    }
  })

  test('names what the operator has set where nothing can be done here', async () => {
    const urlOf = (settings: object) =>
      new TopUp(pool, { ...stage.relay.env, ...settings }, stage.relay.services.log.failed).url()
    const shop = 'https://shop.example/credit'
    assert.equal(urlOf({}), undefined)
    assert.equal(urlOf({ TOP_UP_URL: shop, CONTACT: 'ops@shop.example' }), shop)
    assert.equal(urlOf({ CONTACT: 'ops@shop.example' }), 'mailto:ops@shop.example')
    assert.equal(urlOf({ CONTACT: 'https://t.me/ops' }), 'https://t.me/ops')
    assert.equal(urlOf({ CONTACT: 'WeChat: ops' }), `${stage.relay.env.APP_URL}/billing`)
  })

  test('is told an address where credit is sold, and whom to ask in one line', () => {
    const read = (more: Record<string, string>) =>
      readEnv({ ...good, ...more } as Record<string, string>)
    const { DATABASE_URL, REDIS_URL, SESSION_SECRET } = stage.relay.env
    const stores = { DATABASE_URL, REDIS_URL, SESSION_SECRET }
    const mode = { NODE_ENV: 'test', RELAY_MODE: 'local', OPENAI_API_KEY: 'unused' }
    const good = { ...stores, ...mode }
    const { TOP_UP_URL, CONTACT } = read({ TOP_UP_URL: '', CONTACT: '' })
    assert.deepEqual([TOP_UP_URL, CONTACT], [undefined, undefined])
    assert.equal(read({ CONTACT: ' WeChat: 充值 ' }).CONTACT, 'WeChat: 充值')
    for (const text of ['shop.example', 'javascript:alert(1)', 'mailto:a@b.example'])
      assert.throws(() => read({ TOP_UP_URL: text }), /TOP_UP_URL: must be an address/)
    for (const text of ['a\nb', 'x'.repeat(201), ' '])
      assert.throws(() => read({ CONTACT: text }), /CONTACT: must be/)
  })
})
