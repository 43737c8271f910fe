import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressFault, readDatabaseHosts } from './database-address.ts'

const namesIn = (address: string) => readDatabaseHosts(address).map(({ name }) => name)

test('an address of one host is taken as it stands, whatever is in its user', () => {
  for (const address of [
    'mysql://relay:secret@db/relay',
    'mysql://relay:a,b@db:3307/relay?ssl={"rejectUnauthorized":true}',
    'mysql://relay:p%40ss%2C%3A%25@[::1]:3306/relay',
    'mysql://relay@localhost/relay?socketPath=/run/mysqld/mysqld.sock',
  ]) {
    const [host, ...more] = readDatabaseHosts(address)
    assert.equal(host?.url, address)
    assert.deepEqual(more, [])
  }
  assert.deepEqual(namesIn('mysql://relay:a,b@db/relay'), ['db:3306'])
  assert.deepEqual(namesIn('mysql://x@localhost/relay?socketPath=/run/db'), ['/run/db'])
})

test('several hosts are read in their order, each with all of the rest', () => {
  const rest = '/relay?connectTimeout=500'
  assert.deepEqual(readDatabaseHosts(`mysql://relay:secret@a:3306,b:3307,c${rest}`), [
    { name: 'a:3306', url: `mysql://relay:secret@a:3306${rest}` },
    { name: 'b:3307', url: `mysql://relay:secret@b:3307${rest}` },
    { name: 'c:3306', url: `mysql://relay:secret@c${rest}` },
  ])
  assert.deepEqual(namesIn('mysql://a,b/relay'), ['a:3306', 'b:3306'])
  assert.deepEqual(namesIn('mysql://r:s@a:1, b:2/relay'), ['a:1', 'b:2'])
})

test('literals of IPv6 and signs in a password are kept apart from what divides', () => {
  const passwords = ['p%40ss', 'a%2Cb', 'a%3Ab', '100%25', 'a,b', 'a:b', 'a@b']
  for (const password of passwords) {
    const address = `mysql://relay:${password}@[::1]:3306,[2001:db8::2]:3307,10.0.0.3/relay`
    assert.deepEqual(namesIn(address), ['[::1]:3306', '[2001:db8::2]:3307', '10.0.0.3:3306'])
    for (const { url } of readDatabaseHosts(address)) {
      const { username, password: kept } = new URL(url)
      assert.equal(username, 'relay')
      assert.equal(decodeURIComponent(kept), decodeURIComponent(password))
    }
  }
})

test('what is no address is refused in words that say where, and hold nothing of it', () => {
  const cases: [string, RegExp][] = [
    ['postgres://relay:hunter2@a,b/relay', /^must be an address that begins with mysql:\/\/$/],
    ['mysql://relay:hunter2@a:3306,b:3306', /^must end in the name of a database/],
    ['mysql://relay:hunter2@a:3306,b:3306/', /^must end in the name of a database/],
    ['mysql://relay:hunter2@a,,c/relay', /^its host number 2 is empty: there is a comma too many/],
    ['mysql://relay:hunter2@a,b,/relay', /^its host number 3 is empty/],
    ['mysql://relay:hunter2@a,b:many/relay', /^its host number 2 is none/],
    ['mysql://relay:hunter2@a:99999,b/relay', /^its host number 1 is none/],
    ['mysql://relay:hunter2@a,fe80::1:3306/relay', /^its host number 2 is none/],
    ['mysql://relay:hunter2@[::g],b/relay', /^its host number 1 is none/],
    ['mysql://relay:hunter2@a:3306,B,A/relay', /^its host number 3 is there twice/],
    ['mysql://relay:hunter2@a,b/relay?socketPath=/x', /several hosts and a socketPath/],
    ['mysql://relay:hunter2@a:1,relay:hunter2@b:2/relay', /^names its user for a second host/],
    ['mysql://relay:hunter2@a, relay:other@b,relay:x@c/relay', /^names its user for a second host/],
    ['mysql://relay@a:1,relay@b:2/relay', /^names its user for a second host/],
    ['mysql://relay:hunter2@a:1/relay,b:2/relay', /^has a comma or a slash behind its hosts/],
    ['mysql://relay:hunter2@a,b/relay/', /^has a comma or a slash behind its hosts/],
    ['mysql://relay:hunter2@/relay', /^has no host between its @ and its \//],
    ['mysql://relay:hunter2@:3306/relay', /^has no host between its @ and its \//],
    ['mysql://relay:hunter2@a:1;b:2/relay', /^has a host that is none.* commas between them$/],
    ['mysql://relay:hunter2@a:99999/relay', /^has a host that is none/],
    ['mysql://relay:hun#ter2@a/relay', /^cannot be read: .*# as %23/],
    ['mysql://relay:50%hunter2@a,b/relay', /^cannot be read: .*% as %25/],
    ['mysql://relay:50%hunter2@a/relay', /^cannot be read/],
    ['mysql://relay:hun/ter2@a:3306,b/relay', /^cannot be read: .*\/ as %2F/],
    ['mysql://relay:hunter2@a/relay?sslmode=require', /^asks for TLS in words/],
    ['mysql://relay:hunter2@a,b/relay?sslMode=REQUIRED', /^asks for TLS in words/],
    ['mysql://relay:hunter2@a/relay?ssl=true', /rejectUnauthorized/],
    ['mysql://relay:hunter2@a/relay?useSSL=1', /^asks for TLS in words/],
    [`mysql://${'abcdefghij'.split('').join(',')}/relay`, /^names more than 9 hosts$/],
  ]
  for (const [address, words] of cases) {
    const fault = addressFault(address) ?? ''
    assert.match(fault, words, address)
    assert.doesNotMatch(fault, /hunter|ter2/)
  }
})
