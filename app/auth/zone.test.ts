import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { TestBrowser } from '../../test/browser.ts'
import { present } from '../../test/present.ts'
import { locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { chooseZone, findPerson, readProfile, type Person } from './auth.server.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

async function signedIn(login: string): Promise<TestBrowser> {
  const browser = new TestBrowser()
  locationOf(await stage.signIn(browser, 'github', login))
  return browser
}

/** Who it is, by a browser whose script has left word of this zone. */
async function who(browser: TestBrowser, inCookie = ''): Promise<Person> {
  const { url, services } = stage.pages
  const cookie = `${browser.cookiesFor(url)}${inCookie && `; zone=${inCookie}`}`
  return present(await findPerson(new Request(url, { headers: { cookie } }), services))
}

const zonesOf = async ({ accountId }: Person) => {
  const text = 'select zone from zone_folds where account_id = ? order by zone'
  return (await stage.sql<{ zone: string }>(text, [accountId])).map(({ zone }) => zone)
}

test('a person goes by their browser’s zone until they choose one, and by the account’s without', async () => {
  const { db } = stage.pages.services
  const browser = await signedIn('traveller')
  const person = await who(browser)
  assert.equal(person.zone, 'UTC')
  await stage.sql(`update accounts set time_zone = 'Europe/Berlin' where id = ?`, [
    person.accountId,
  ])
  assert.equal((await who(browser)).zone, 'Europe/Berlin')
  assert.equal((await who(browser, 'Asia%2FShanghai')).zone, 'Asia/Shanghai')
  // Another browser, without a script: what the first one said is known.
  assert.equal((await who(browser)).zone, 'Asia/Shanghai')
  assert.equal((await who(browser, 'Asia%2FCalcutta')).zone, 'Asia/Kolkata')

  await chooseZone(db, { ...person, zone: 'Pacific/Chatham' })
  assert.equal((await who(browser, 'Asia%2FShanghai')).zone, 'Pacific/Chatham')
  assert.equal((await readProfile(db, person.userId)).zone, 'Pacific/Chatham')
  assert.deepEqual(await zonesOf(person), ['Asia/Kolkata', 'Asia/Shanghai', 'Pacific/Chatham'])

  await chooseZone(db, { ...person, zone: null })
  assert.equal((await who(browser)).zone, 'Europe/Berlin')
  assert.equal((await who(browser, 'America%2FNew_York')).zone, 'America/New_York')
})

test('what is no zone is none, however it is written, and an account folds no more than a few', async () => {
  const browser = await signedIn('odd')
  for (const text of [
    '',
    'Mars%2FPhobos',
    '%00',
    '%E0%A4%A',
    "'or1=1",
    'a'.repeat(2_000),
    '../UTC',
  ])
    assert.equal((await who(browser, text)).zone, 'UTC', text)
  const { db } = stage.pages.services
  const person = await who(browser)
  for (const zone of Intl.supportedValuesOf('timeZone').slice(0, 12))
    await chooseZone(db, { ...person, zone })
  assert.equal((await zonesOf(person)).length, 8)
})
