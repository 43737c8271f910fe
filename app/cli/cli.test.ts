import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'

import { present } from '../../test/present.ts'
import { childEnvironment } from '../../dev/command/environment.ts'
import { callOf, hold, settle, testBooks, type TestBooks } from '../../test/books.ts'
import { capturedCli } from '../../test/captured-cli.ts'
import { expectCleanBooks } from '../../test/clean-books.ts'
import { newCustomer } from '../../test/customer.ts'
import { verbs } from './verbs.ts'

const deadUrl = 'mysql://relay:secret-word@127.0.0.1:1/none'

async function spawned(args: string[], env: Record<string, string | undefined>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'app/cli/main.ts', ...args], {
    env: childEnvironment({ DATABASE_URL: undefined, REDIS_URL: undefined, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, err, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), exited])
  return { exitCode, out, err }
}

describe('the command line', () => {
  let books: TestBooks
  let relay: ReturnType<typeof capturedCli>
  const json = async (...args: string[]) => JSON.parse((await relay(...args, '--json')).out)

  before(async () => {
    books = await testBooks()
    relay = capturedCli({ DATABASE_URL: books.url })
  })
  after(() => books.close())

  test('as a process: clean books are 0, wrong usage 2 on stderr, no database 3', async () => {
    const [clean, unknown, away] = await Promise.all([
      spawned(['verify', '--json'], { DATABASE_URL: books.url }),
      spawned(['frobnicate'], {}),
      spawned(['account', 'list'], { DATABASE_URL: deadUrl }),
    ])
    assert.deepEqual([clean.exitCode, clean.err], [0, ''])
    const { clean: isClean, differences } = JSON.parse(clean.out)
    assert.deepEqual([isClean, differences], [true, []])
    assert.deepEqual([unknown.exitCode, unknown.out], [2, ''])
    assert.match(unknown.err, /^There is no verb "frobnicate"; see help: npm run relay -- help\n$/)
    assert.deepEqual([away.exitCode, away.out], [3, ''])
    assert.match(away.err, /^DATABASE_URL: nothing listens there.*\(ECONNREFUSED\)/)
    assert.doesNotMatch(away.err, /secret-word/)
  })

  test('nothing is written on a schema that a newer version made, unless told', async () => {
    const id = verbs.length + 9_000
    const name = `${id}_of_a_newer_version.sql`
    await books.sql('insert into migrations (id, name, digest) values (?)', [[id, name, '']])
    try {
      const refusal = await relay('account', 'create', '--name', 'not made', '--json')
      assert.equal(refusal.exitCode, 3)
      assert.equal(JSON.parse(refusal.out).error.code, 'newer_schema')
      assert.match(refusal.err, /newer version \(.*_of_a_newer_version\.sql\)/)
      const told = capturedCli({ DATABASE_URL: books.url, ALLOW_NEWER_SCHEMA: '1' })
      assert.equal((await told('account', 'create', '--name', 'made')).exitCode, 0)
      const { accounts } = await json('account', 'list')
      assert.deepEqual(
        (accounts as { name: string }[]).map((it) => it.name).filter((it) => /made$/.test(it)),
        ['made'],
      )
    } finally {
      await books.sql('delete from migrations where id = ?', [id])
    }
  })

  test('repair totals says what it would change, and changes it when told, in the admin log', async () => {
    const by = await newCustomer(books.pool, { balanceNanos: 100 })
    const call = callOf(by)
    const ledger = books.ledger()
    await hold(ledger, call, 10)
    await settle(ledger, call, 8)
    assert.match((await relay('repair', 'totals')).out, /^All totals follow/)
    await books.sql('delete from account_quarters')
    const { exitCode, out } = await relay('repair', 'totals')
    assert.equal(exitCode, 1)
    assert.match(
      out,
      /account totals +account \d+ day .* calls \+1, .*cost \+8\n1 totals .*--apply/,
    )
    const mended = await json('repair', 'totals', '--apply')
    assert.deepEqual([mended.applied, mended.total, mended.left], [true, 1, []])
    await expectCleanBooks(books.pool)
    const text = 'select subject, detail from admin_log where action = ?'
    const [noted] = await books.sql<{ subject: string; detail: string }>(text, ['repair totals'])
    assert.equal(noted?.subject, `account ${by.accountId}`)
    assert.equal((JSON.parse(present(noted).detail) as { days: [] }).days.length, 1)
  })

  test('help names every verb, and is no mistake', async () => {
    for (const args of [['help'], ['--help']]) {
      const { exitCode, out } = await relay(...args)
      assert.equal(exitCode, 0)
      for (const { usage } of verbs) assert.ok(out.includes(usage), usage)
    }
    const one = await relay('grant', '--help')
    assert.match(one.out, /grant <account> <usd>/)
    assert.doesNotMatch(one.out, /key revoke/)
  })

  test('everything that is wrong with a command is said at once, and nothing is done', async () => {
    const { exitCode, out, err } = await relay(
      'grant',
      'seven',
      '0.0000000001',
      'more',
      '--ref',
      'a b',
      '--frob',
      '--note',
      '--json',
    )
    assert.equal(exitCode, 2)
    const { error } = JSON.parse(out)
    assert.equal(error.code, 'wrong_usage')
    assert.deepEqual(error.problems, [
      '"more" is one argument too many',
      'there is no option --frob',
      '--note needs a value',
      'account must be a whole number from 1',
      'usd must be dollars, with at most nine decimals',
      'ref must be up to 140 ASCII characters without spaces',
    ])
    for (const problem of error.problems) assert.ok(err.includes(problem))
  })

  test('an environment that is not right is wrong usage', async () => {
    for (const DATABASE_URL of [undefined, 'postgres://x']) {
      const { exitCode, err } = await capturedCli({ DATABASE_URL })('verify')
      assert.equal(exitCode, 2)
      assert.match(err, /^DATABASE_URL: /)
    }
  })

  test('an account can be made, found, suspended and activated', async () => {
    const { id } = await json('account', 'create', '--name', 'Ann')
    await books.sql(
      `insert into users (account_id, name, email) values (${id}, 'Ann', 'ann@a.test')`,
    )
    const shown = await json('account', 'show', 'ANN@a.test')
    assert.equal(shown.id, id)
    assert.equal(shown.available_usd, '0.000000000')
    assert.equal(shown.users[0].email, 'ann@a.test')
    const suspend = () => json('account', 'suspend', String(id))
    assert.deepEqual(await suspend(), { id, status: 'suspended', changed: true, announced: true })
    assert.equal((await suspend()).changed, false)
    assert.equal((await json('account', 'show', String(id))).status, 'suspended')
    assert.equal((await json('account', 'activate', String(id))).changed, true)
    const log = await books.sql(
      `select actor, action from admin_log where subject = 'account ${id}'`,
    )
    const acts = log.map(({ action }) => action)
    assert.deepEqual(acts, ['account create', 'account suspend', 'account activate'])
    assert.match(String(present(log[0]).actor), /^cli:/)
  })

  test('an address of two accounts stands for neither', async () => {
    const [a, b] = [
      await json('account', 'create', '--name', 'A'),
      await json('account', 'create', '--name', 'B'),
    ]
    await books.sql(
      `insert into users (account_id, name, email)
       values (${a.id}, 'A', 'x@x'), (${b.id}, 'B', 'x@x')`,
    )
    const { exitCode, err } = await relay('account', 'show', 'x@x')
    assert.equal(exitCode, 1)
    assert.match(err, new RegExp(`Accounts ${a.id}, ${b.id} have this address`))
  })

  test('accounts are listed in pages', async () => {
    for (const name of ['one', 'two', 'three']) await json('account', 'create', '--name', name)
    const ids: number[] = []
    for (let after: number | null = 0; after !== null;) {
      const page = await json('account', 'list', '--limit', '2', '--after', String(after))
      ids.push(...page.accounts.map((account: { id: number }) => account.id))
      after = page.next_after
    }
    const rows = await books.sql('select id from accounts order by id')
    assert.deepEqual(
      ids,
      rows.map(({ id }) => id),
    )
  })

  test('what is not there is refused with 1, on stderr', async () => {
    const commands = [
      'account show 999',
      'account show no@where.test',
      'account suspend 999',
      'grant 999 1',
      'plan set 999 1',
      'key create --account 999 --name k',
      'key list --account 999',
      'key revoke 999',
      'model price none --input 1 --output 1',
      'model enable none',
      'model add new --like none',
    ]
    for (const command of commands) {
      const { exitCode, out, err } = await relay(...command.split(' '))
      assert.deepEqual([exitCode, out], [1, ''], command)
      assert.match(err, /^(There is no|Nobody has)/, command)
    }
  })

  test('names cannot steer the terminal, and programs still read them whole', async () => {
    const name = 'a\u001b[2J\u009b1m\u202eb\nroot'
    const { id } = await json('account', 'create', '--name', name)
    const { out } = await relay('account', 'list', '--limit', '1000')
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(out, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    assert.doesNotMatch(out, /^root/m)
    const { out: document } = await relay('account', 'show', String(id), '--json')
    // eslint-disable-next-line no-control-regex
    assert.doesNotMatch(document, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/)
    assert.equal(JSON.parse(document).name, name)
  })
})
