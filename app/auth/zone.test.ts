import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'

import { TestBrowser } from '../../test/browser.ts'
import { present } from '../../test/present.ts'
import { locationOf, startSignInStage, type SignInStage } from '../../test/sign-in.ts'
import { chooseZone, findPerson, readProfile, type Person } from './auth.server.ts'

let stage: SignInStage
before(async () => (stage = await startSignInStage()))
after(() => stage.stop())

async function signedIn(login: string, zone = '', browser = new TestBrowser()) {
  if (zone) browser.setCookie(stage.pages.url, 'zone', zone)
  locationOf(await stage.signIn(browser, 'github', login))
  return browser
}

/** Who it is, by a browser whose script has left word of this zone. */
async function who(browser: TestBrowser, inCookie = ''): Promise<Person> {
  const { url, services } = stage.pages
  const cookie = `${browser.cookiesFor(url)}${inCookie && `; zone=${inCookie}`}`
  return present(await findPerson(new Request(url, { headers: { cookie } }), services))
}

/** The zone that is kept of somebody, for when none is told. */
const keptOf = async ({ userId }: Person) => {
  const text = 'select time_zone as zone from users where id = ?'
  return (await stage.sql<{ zone: string | null }>(text, [userId]))[0]?.zone
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
  // Two browsers that say different things do not write in turns.
  assert.equal(await keptOf(person), 'Asia/Shanghai')

  await chooseZone(db, { ...person, zone: 'Pacific/Chatham' })
  assert.equal((await who(browser, 'Asia%2FShanghai')).zone, 'Pacific/Chatham')
  assert.equal((await readProfile(db, person.userId)).zone, 'Pacific/Chatham')
  await chooseZone(db, { ...person, zone: null })
  assert.equal((await who(browser)).zone, 'Europe/Berlin')
  assert.equal((await who(browser, 'America%2FNew_York')).zone, 'America/New_York')
})

test('the browser that signs in last says by which zone a person goes', async () => {
  const [first, second] = [await signedIn('mover', 'Asia%2FTokyo'), new TestBrowser()]
  const person = await who(first)
  assert.equal(await keptOf(person), 'Asia/Tokyo')
  await signedIn('mover', 'Africa%2FCairo', second)
  assert.equal(await keptOf(person), 'Africa/Cairo')
  await chooseZone(stage.pages.services.db, { ...person, zone: 'Pacific/Chatham' })
  await signedIn('mover', 'Asia%2FTokyo', second)
  assert.equal(await keptOf(person), 'Pacific/Chatham')
})

test('what is no zone is none, however it is written', async () => {
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
})
