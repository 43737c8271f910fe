import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { test } from 'node:test'
import { calcPrice } from '@pydantic/genai-prices'
import { present } from '../../test/present.ts'
import { costOf, termsAt } from '../catalog/catalog.server.ts'
import { noUsage } from '../ledger/ledger.server.ts'
import { Numeral } from './json-text.ts'
import { wholeOf } from './numerals.ts'
import { readList } from './read-list.ts'
import { fromPackage } from './sources.ts'

const require = createRequire(import.meta.url)

test('every price of the package costs what the package itself reckons', async () => {
  const { listed } = readList((await fromPackage()).json, 'genai-prices')
  const moments = ['2026-01-05T02:00:00Z', '2026-11-25T05:00:00Z', '2027-02-02T17:00:00Z']
  const inputs = [200_000, 271_999, 272_000]
  const wrong: string[] = []
  let compared = 0
  for (const { provider, model, prices } of listed)
    for (const moment of moments.map((it) => new Date(it))) {
      const row = prices.findLast(({ effectiveFrom }) => (effectiveFrom ?? moment) <= moment)
      const terms = termsAt(present(row).terms, moment)
      for (const inputTokens of inputs) {
        const [cachedTokens, outputTokens] = [Math.floor(inputTokens / 4), 2_000]
        const usage = { input_tokens: inputTokens, cache_read_tokens: cachedTokens }
        const options = { providerId: provider, timestamp: moment }
        const theirs = calcPrice({ ...usage, output_tokens: outputTokens }, model, options)
        // Its rules may give the name to a model further up in the list.
        if (theirs?.model.id !== model || theirs.provider.id !== provider) continue
        compared++
        const used = {
          ...noUsage,
          inputTokens,
          cachedTokens: cachedTokens!,
          outputTokens: outputTokens!,
        }
        const ours = costOf(terms, used, null)
        // Floats on their side, rounding up to the nano-dollar on this one.
        const off = Math.abs(ours - theirs.total_price * 1e9)
        if (off > 1 + ours * 1e-9)
          wrong.push(`${provider}/${model} ${inputTokens} at ${moment.toJSON()}`)
      }
    }
  assert.deepEqual(wrong, [])
  assert.ok(compared > 10_000, `${compared} were compared`)
})

test('its numbers, which come as floats, are the prices that stand in its text', () => {
  const path = require.resolve('@pydantic/genai-prices').replace(/\.cjs$/, '.js')
  const text = readFileSync(path, 'utf8')
  const literals = text.matchAll(/(?:_mtok|_kcount|_hours|base|price): ([\d.e+-]+)/g)
  const priceOf = (numeral: string) => {
    try {
      return wholeOf(new Numeral(numeral), { zeros: 12 })
    } catch (error) {
      return (error as Error).constructor
    }
  }
  const written = [...new Set([...literals].map(([, literal = '']) => literal))]
  const changed = written.filter((it) => priceOf(it) !== priceOf(String(Number(it))))
  assert.deepEqual([changed, written.length > 200], [[], true])
})
