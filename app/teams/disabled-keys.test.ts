import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import { startTeams } from '../../test/people.ts'
import { present } from '../../test/present.ts'
import { createKey, readKey, setDisabled } from '../keys/keys.server.ts'

const teams = await startTeams()
after(teams.close)
const { books, newPerson, join } = teams

test('a key that somebody over its person has disabled its person does not enable', async () => {
  const { pool } = books
  const { accountId, userId: owner } = await newPerson()
  const member = await join(accountId, 'member')
  const { id: keyId } = present(await createKey(pool, accountId, { name: 'theirs' }, member))
  const by = (userId: number | null) => ({ accountId, keyId, userId })
  const key = async () => present(await readKey(pool, accountId, keyId))

  assert.equal(await setDisabled(pool, by(member), true), 'set')
  assert.equal((await key()).disabledBy, member)
  assert.equal(await setDisabled(pool, by(member), false), 'set')
  for (const over of [owner, await join(accountId, 'admin'), null]) {
    // Also what they have disabled themselves before.
    await setDisabled(pool, by(member), true)
    assert.equal(await setDisabled(pool, by(over), true), 'set')
    assert.equal(await setDisabled(pool, by(over), true), 'unchanged')
    assert.equal(await setDisabled(pool, by(member), false), 'not theirs')
    assert.equal(await setDisabled(pool, by(member), true), 'unchanged')
    assert.equal(await setDisabled(pool, by(member), false), 'not theirs')
    const { disabledAt, disabledBy } = await key()
    assert.ok(disabledAt)
    assert.equal(disabledBy, over)
    assert.equal(await setDisabled(pool, by(owner), false), 'set')
    assert.equal((await key()).disabledBy, null)
  }
})

test('who disabled a key before that was kept with it is who the log says, and nobody else', async () => {
  const { pool } = books
  const { accountId, userId: owner } = await newPerson()
  const member = await join(accountId, 'member')
  const disabledBy = async (...who: (number | null)[]) => {
    const { id: keyId } = present(await createKey(pool, accountId, { name: 'theirs' }, member))
    for (const userId of who) {
      await setDisabled(pool, { accountId, keyId, userId: owner }, false)
      assert.equal(await setDisabled(pool, { accountId, keyId, userId }, true), 'set')
    }
    return keyId
  }
  const [own, theirs, operators, unknown, known] = [
    await disabledBy(owner, member),
    await disabledBy(member, owner),
    await disabledBy(member, null),
    await disabledBy(member),
    await disabledBy(member),
  ]
  await books.sql('delete from account_log where subject = ?', [`key ${unknown}`])
  const forget = 'update api_keys set disabled_by = null where account_id = ? and id <> ?'
  await books.sql(forget, [accountId, known])
  await books.sql(readFileSync('sql/migrations/0099_fill_api_keys_disabled_by.sql', 'utf8'))
  const by = async (keyId: number) => present(await readKey(pool, accountId, keyId)).disabledBy
  assert.deepEqual(await Promise.all([own, theirs, operators, unknown, known].map(by)), [
    member,
    owner,
    null,
    null,
    member,
  ])
  const enable = (keyId: number) => setDisabled(pool, { accountId, keyId, userId: member }, false)
  assert.equal(await enable(own), 'set')
  assert.equal(await enable(unknown), 'not theirs')
})
