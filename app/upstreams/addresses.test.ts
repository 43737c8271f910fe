import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { LookupAddress, LookupOptions } from 'node:dns'
import { describe, test } from 'node:test'
import { Pool } from 'undici'
import { closeServer, listen } from '../../dev/command/listen.ts'
import { startConnectProxy } from '../../dev/fakes/connect-proxy.ts'
import { proxiedAgent } from '../http/http.server.ts'
import { checkedLookup } from './addresses.ts'
import { faultOfBaseUrl } from './base-url.ts'

const own = [
  '127.0.0.1',
  '127.8.9.10',
  '2130706433',
  '017700000001',
  '0x7f.1',
  '127.1',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '100.64.0.1',
  '198.18.0.7',
  '[::1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:a00:1]',
  '[64:ff9b::10.0.0.1]',
  '[fc00::1]',
  '[fd12:3456::1]',
  '[fec0::1]',
  'localhost',
  'api.localhost',
  'ollama',
  'gpu.internal',
  'gpu.local',
]
const never = [
  '0.0.0.0',
  '0',
  '0.1.2.3',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '169.254.1.1',
  '[fe80::1]',
  '[::ffff:169.254.169.254]',
  '[64:ff9b::a9fe:a9fe]',
  '[fd00:ec2::254]',
  '[fd20:ce::254]',
  '100.100.100.200',
  '168.63.129.16',
  '224.0.0.1',
  '239.1.2.3',
  '240.0.0.1',
  '255.255.255.255',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '[::]',
  '[::127.0.0.1]',
  '[::7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b:1::10.0.0.1]',
  '[2002:7f00:1::]',
  '[2002:a9fe:a9fe::1]',
  '[2001:0:4136:e378:8000:63bf:3fff:fdd2]',
  '[2001:db8::1]',
  '[2400::5efe:127.0.0.1]',
  '[ff02::1]',
  '[4000::1]',
  'metadata.google.internal',
  'metadata',
  'instance-data.ec2.internal',
]
const open = [
  'api.openai.com',
  '8.8.8.8',
  '[2606:4700::1111]',
  '[::ffff:8.8.8.8]',
  '[64:ff9b::808:808]',
]

describe('the host of an upstream', () => {
  test('is of the internet, or the upstream says that it is private', () => {
    for (const host of own) {
      assert.match(faultOfBaseUrl(`https://${host}/v1`, false) ?? '', /public host/, host)
      assert.equal(faultOfBaseUrl(`http://${host}/v1`, true), undefined, host)
    }
    for (const host of open) assert.equal(faultOfBaseUrl(`https://${host}/v1`, false), undefined)
  })

  test('is never what clouds tell their machines, nor a place that nobody has', () => {
    for (const host of never)
      for (const isPrivate of [false, true])
        assert.match(faultOfBaseUrl(`https://${host}/v1`, isPrivate) ?? '', /another host/, host)
  })

  test('stands in an address that means one thing and hides no key', () => {
    const faults = {
      'http://api.openai.com/v1': /https:/,
      'https://user:secret@api.openai.com/v1': /no user/,
      'https://user@api.openai.com/v1': /no user/,
      'https://api.openai.com/v1#x': /no #/,
      'https://api.openai.com/v1#': /no #/,
      'https://api.openai.com/v1?api-version=1': /no query/,
      'https://api.openai.com./v1': /in a dot/,
      'https://localhost./v1': /in a dot/,
      'https://api.openai.com:0/v1': /another port: 0/,
      'https://api.openai.com:22/v1': /another port: 22/,
      'https://api.openai.com:6667/v1': /another port/,
      'https://api.openai.com:99999/v1': /begins with/,
      'https://[fe80::1%25eth0]/v1': /begins with/,
      'https://api.open\tai.com/v1': /without spaces/,
      'https:\\\\api.openai.com\\v1': /backslashes/,
      'https://ɑpi.openai.com/v1': /ASCII/,
      'ftp://api.openai.com/v1': /begins with/,
      'file:///etc/passwd': /begins with/,
      'api.openai.com/v1': /begins with/,
      'https://': /begins with/,
      '': /without spaces/,
    }
    for (const [text, fault] of Object.entries(faults)) {
      assert.match(faultOfBaseUrl(text, false) ?? '', fault, text)
      assert.doesNotMatch(faultOfBaseUrl(text, false) ?? '', /secret/)
    }
    assert.equal(faultOfBaseUrl('https://api.openai.com:8443/v1/', false), undefined)
  })
})

/** Answers each look-up with the next of these lists, and the last one from then on. */
const resolving = (...answers: string[][]) => {
  let at = 0
  return (_: string, __: LookupOptions, done: (error: null, found: LookupAddress[]) => void) => {
    const found = answers[Math.min(at++, answers.length - 1)] ?? []
    done(
      null,
      found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )
  }
}

type Looked = string | NodeJS.ErrnoException | null
const lookUp = (look: ReturnType<typeof checkedLookup>, options: LookupOptions = {}) =>
  new Promise<{ error: Looked; found: unknown }>((resolve) =>
    look('upstream.example', options, (error, found) => resolve({ error, found })),
  )

/** A server that counts who connects to it, whatever they want. */
async function trap(answer: (port: number) => Promise<void>) {
  let connections = 0
  const server = createServer((_, response) => response.end('caught')).on(
    'connection',
    () => connections++,
  )
  try {
    await answer(await listen(server))
  } finally {
    await closeServer(server)
  }
  return connections
}

describe('where a name leads', () => {
  test('is what is dialled: all of its addresses, or the first', async () => {
    const look = checkedLookup(false, resolving(['8.8.8.8', '2606:4700::1111']))
    const all = await lookUp(look, { all: true })
    assert.deepEqual(all.found, [
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ])
    assert.equal((await lookUp(look)).found, '8.8.8.8')
  })

  test('is looked at each time: a second answer is no better for the first', async () => {
    for (const isPrivate of [false, true]) {
      const look = checkedLookup(isPrivate, resolving(['8.8.8.8'], ['169.254.169.254']))
      assert.equal((await lookUp(look)).error, null)
      const { error, found } = await lookUp(look)
      assert.equal((error as NodeJS.ErrnoException).code, 'upstream_address')
      assert.deepEqual(found, [])
    }
  })

  test('is refused for one bad address among good ones, and where it is nowhere', async () => {
    for (const found of [
      ['8.8.8.8', '10.0.0.1'],
      ['::1', '8.8.8.8'],
      ['fe80::1%lo', '8.8.8.8'],
      [],
    ]) {
      const { error } = await lookUp(checkedLookup(false, resolving(found)), { all: true })
      assert.equal((error as NodeJS.ErrnoException).code, 'upstream_address', found.join())
    }
    const { error } = await lookUp(checkedLookup(true, resolving(['10.0.0.1', '::ffff:a9fe:a9fe'])))
    assert.equal((error as NodeJS.ErrnoException).code, 'upstream_address')
  })

  test('nobody is connected to at an address that is refused', async () => {
    const connections = await trap(async (port) => {
      const lookup = checkedLookup(false, resolving(['127.0.0.1']))
      const pool = new Pool(`http://upstream.example:${port}`, { connect: { lookup } })
      await assert.rejects(pool.request({ path: '/', method: 'GET' }), { code: 'upstream_address' })
      await pool.destroy()
    })
    assert.equal(connections, 0)
    const allowed = await trap(async (port) => {
      const lookup = checkedLookup(true, resolving(['127.0.0.1']))
      const pool = new Pool(`http://upstream.example:${port}`, { connect: { lookup } })
      await (await pool.request({ path: '/', method: 'GET' })).body.text()
      await pool.destroy()
    })
    assert.equal(allowed, 1)
  })
})

describe('behind a proxy', () => {
  test('it is the proxy that looks names up, and who goes round it is looked at here', async () => {
    const lookup = checkedLookup(false, resolving(['127.0.0.1']))
    const connections = await trap(async (port) => {
      const proxy = await startConnectProxy({ [`in.example:${port}`]: port })
      const proxies = { http: proxy.url, https: '', exempt: 'round.example' }
      const agent = proxiedAgent(proxies, { connect: { timeout: 1_000, lookup } })
      const to = (host: string) =>
        agent.request({ origin: `http://${host}:${port}`, path: '/', method: 'GET' })
      assert.equal(await (await to('in.example')).body.text(), 'caught')
      await assert.rejects(to('round.example'), { code: 'upstream_address' })
      await agent.destroy()
      await proxy.close()
    })
    // The proxy's own.
    assert.equal(connections, 1)
  })
})
