import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addressOf, isInRanges, parseRange } from '../values/keys/addresses.ts'
import { present } from '../../test/present.ts'
import { clientAddress, tellClientAddress, toldClientAddress } from './client-address.ts'
import { createProxyDoubts } from './doubted-proxies.ts'
import { Remembered } from './remembered.ts'

const ranges = (...texts: string[]) => texts.map((text) => present(parseRange(text)))
const heard = (remoteAddress: string | undefined, forwarded?: string) => ({
  socket: { remoteAddress },
  headers: { ...(forwarded !== undefined && { 'x-forwarded-for': forwarded }) } as Record<
    string,
    string
  >,
})
const from = (remoteAddress: string, forwarded: string | undefined, ...trusted: string[]) =>
  clientAddress(heard(remoteAddress, forwarded), ranges(...trusted))

test('an address is written in one way, and what the C library would take is none', () => {
  assert.equal(addressOf('::ffff:192.0.2.7'), '192.0.2.7')
  assert.equal(addressOf('2001:DB8:0:0::1'), '2001:db8::1')
  assert.equal(addressOf('fe80::1%eth0'), 'fe80::1')
  for (const text of ['0x7f.1', '127.1', '2130706433', '010.0.0.1', '1.2.3.4:80', 'unknown', ''])
    assert.equal(addressOf(text), undefined, text)
})

test('a range is a network or an address, and knows what is in it', () => {
  const texts = ['10.1.2.3/8', '::ffff:10.0.0.0/104', '192.0.2.7', '2001:db8:1:2::9/64']
  const read = texts.map((text) => parseRange(text)?.text)
  assert.deepEqual(read, ['10.0.0.0/8', '10.0.0.0/8', '192.0.2.7', '2001:db8:1:2::/64'])
  for (const text of ['10.0.0.0/33', '10.0.0.0/08', '10.0.0.0/', '::ffff:10.0.0.0/90', '/8', 'x'])
    assert.equal(parseRange(text), undefined, text)
  assert.ok(isInRanges('10.200.0.1', ranges('10.0.0.0/8')))
  assert.ok(isInRanges('::ffff:10.200.0.1', ranges('10.0.0.0/8')))
  assert.ok(isInRanges('2001:db8::1', ranges('10.0.0.0/8', '2001:db8::/32')))
  assert.ok(!isInRanges('11.0.0.1', ranges('10.0.0.0/8', '::/1')))
  assert.ok(!isInRanges('nonsense', ranges('::/1')))
})

test('nobody who is not named has a say in where a request came from, loopback neither', () => {
  assert.equal(from('192.0.2.7', '198.51.100.1'), '192.0.2.7')
  assert.equal(from('127.0.0.1', '198.51.100.1'), '127.0.0.1')
  assert.equal(from('192.0.2.7', '198.51.100.1', '10.0.0.0/8'), '192.0.2.7')
  assert.equal(from('::ffff:192.0.2.7', undefined, '10.0.0.0/8'), '192.0.2.7')
})

test('of a chain it is the last that no named proxy is, whatever stands before it', () => {
  const named = ['10.0.0.0/8', '127.0.0.1', '2001:db8::/32']
  const chains: [said: string, meant: string][] = [
    ['198.51.100.1', '198.51.100.1'],
    ['1.1.1.1, 127.0.0.1, 198.51.100.1', '198.51.100.1'],
    ['1.1.1.1, 198.51.100.1, 10.9.9.9', '198.51.100.1'],
    // What came in two headers, Node has joined like this.
    ['1.1.1.1,198.51.100.1,  2001:db8::7', '198.51.100.1'],
    ['198.51.100.1:5678', '198.51.100.1'],
    ['[2001:db9::1]:443', '2001:db9::1'],
    ['2001:db9::1', '2001:db9::1'],
    ['::ffff:198.51.100.1', '198.51.100.1'],
    // All of them named: the first is where it began.
    ['10.0.0.3, 10.0.0.2', '10.0.0.3'],
    // A proxy that says what is no address speaks for itself.
    ['198.51.100.1, unknown', '10.0.0.1'],
    ['198.51.100.1, _hidden, 10.0.0.2', '10.0.0.2'],
    ['198.51.100.1,', '10.0.0.1'],
    ['"198.51.100.1"', '10.0.0.1'],
    ['0x7f000001', '10.0.0.1'],
  ]
  for (const [said, meant] of chains) assert.equal(from('10.0.0.1', said, ...named), meant, said)
  const long = `198.51.100.1, ${'10.0.0.2, '.repeat(100)}10.0.0.3`
  assert.equal(from('10.0.0.1', long, ...named), '10.0.0.2', 'only so many are read')
})

test('of proxies that nobody has named a few are told of, each once', () => {
  const told: string[] = []
  const doubt = createProxyDoubts(ranges('10.0.0.0/8'), (address) => told.push(address))
  const all = ['10.0.0.1', '192.0.2.7', '::ffff:192.0.2.7', '192.0.2.8', '2001:db8::1']
  for (const from of [...all, ...all]) doubt(heard(from, '198.51.100.1'))
  doubt(heard('192.0.2.9'))
  doubt(heard(undefined, '198.51.100.1'))
  assert.deepEqual(told, ['192.0.2.7', '192.0.2.8', '2001:db8::1'])
  for (let at = 1; at < 50; at++) doubt(heard(`203.0.113.${at}`, '198.51.100.1'))
  assert.equal(told.length, 5)
})

test('pages take the word of the thread of the API, and of nobody else', () => {
  const passed = heard('192.0.2.7', '198.51.100.1')
  passed.headers['x-relay-client-address'] = '1.1.1.1'
  tellClientAddress(passed, ranges('192.0.2.7'))
  const there = { headers: passed.headers, socket: { remoteAddress: undefined } }
  assert.equal(toldClientAddress(there, []), '198.51.100.1')
  const direct = heard('192.0.2.7')
  direct.headers['x-relay-client-address'] = '1.1.1.1'
  assert.equal(toldClientAddress(direct, []), '192.0.2.7')
})

test('what is remembered is asked for once, and goes on where it cannot be had anew', async () => {
  let nowMs = 0
  const clock = { nowMs: () => nowMs }
  const remembered = new Remembered<number>({ keptMs: 100, againMs: 10 }, clock)
  const asked: number[] = []
  const ask = (value: number) => () => {
    asked.push(value)
    return value < 0 ? Promise.reject(new Error('away')) : Promise.resolve(value)
  }
  await assert.rejects(remembered.get(ask(-1)), /away/)
  assert.deepEqual(await Promise.all([remembered.get(ask(1)), remembered.get(ask(2))]), [1, 1])
  nowMs = 101
  assert.equal(await remembered.get(ask(-2)), 1)
  assert.equal(await remembered.get(ask(3)), 1)
  nowMs = 112
  assert.equal(await remembered.get(ask(4)), 4)
  assert.deepEqual(asked, [-1, 1, -2, 4])
})
