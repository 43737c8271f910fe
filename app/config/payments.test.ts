import assert from 'node:assert/strict'
import { test } from 'node:test'
import { environmentFaults, readEnv } from './env.ts'

const good = {
  NODE_ENV: 'production',
  APP_URL: 'https://relay.example/',
  DATABASE_URL: 'mysql://relay:secret@db/relay',
  REDIS_URL: 'redis://cache:6379',
  OPENAI_API_KEY: 'sk-upstream',
  SESSION_SECRET: 'f3a9c1d24b7e4f0e8a6d5c3b2a190817',
}
const stripe = {
  STRIPE_SECRET_KEY: 'sk_live_12345678',
  STRIPE_WEBHOOK_SECRET: `whsec_${'a'.repeat(32)}`,
}
const epay = {
  EPAY_URL: 'https://pay.example/',
  EPAY_PID: '1001',
  EPAY_KEY: 'k'.repeat(32),
  EPAY_CNY_PER_USD: '7.2',
}
const faultsOf = (changes: object) =>
  environmentFaults({ ...good, ...changes }).map((line) => line.split(':')[0])

test('a way to pay is configured as a whole, and never with an empty or an open secret', () => {
  assert.deepEqual(faultsOf({ ...stripe, ...epay }), [])
  for (const secret of ['', ' ', undefined, 'whsec_', 'whsec_short', 'secret'])
    assert.deepEqual(faultsOf({ ...stripe, STRIPE_WEBHOOK_SECRET: secret }), [
      'STRIPE_WEBHOOK_SECRET',
    ])
  assert.deepEqual(faultsOf({ ...stripe, STRIPE_SECRET_KEY: '' }), ['STRIPE_SECRET_KEY'])
  for (const name of Object.keys(epay)) assert.deepEqual(faultsOf({ ...epay, [name]: '' }), [name])
  assert.deepEqual(faultsOf({ ...epay, EPAY_KEY: 'short' }), ['EPAY_KEY'])
  for (const rate of ['0', '-7', '7,2', '7.1234567', 'seven'])
    assert.deepEqual(faultsOf({ ...epay, EPAY_CNY_PER_USD: rate }), ['EPAY_CNY_PER_USD'])
  assert.deepEqual(faultsOf({ SELLER_NAME: 'Somebody' }), ['SELLER_ADDRESS'])
})

test('amounts are dollars to the cent, and there are usual ones', () => {
  const amountsOf = (TOP_UP_AMOUNTS: string) =>
    readEnv({ ...good, TOP_UP_AMOUNTS }).payments.amounts
  assert.deepEqual(readEnv(good).payments, {
    amounts: [5e9, 10e9, 20e9, 50e9, 100e9],
    seller: null,
  })
  assert.deepEqual(amountsOf('5, 10.50'), [5e9, 10.5e9])
  for (const wrong of [
    '5,5',
    '0',
    '-5',
    '5.001',
    'five',
    '5,',
    '100001',
    '1,2,3,4,5,6,7,8,9,10,11,12,13',
  ])
    assert.deepEqual(faultsOf({ TOP_UP_AMOUNTS: wrong }), ['TOP_UP_AMOUNTS'], wrong)
})

test('what is configured is read, and an address of a gateway ends without a slash', () => {
  const { payments } = readEnv({ ...good, ...stripe, ...epay })
  const { EPAY_KEY: key, EPAY_PID: merchant } = epay
  assert.deepEqual(payments.epay, { url: 'https://pay.example', merchant, key, rate: 7_200_000 })
  assert.equal(payments.stripe?.apiUrl, 'https://api.stripe.com')
})
