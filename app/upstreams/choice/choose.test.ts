import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { ranked, seedOf } from './choose.ts'

const named = (name: string, { weight = 100, priority = 0 } = {}) => ({
  name,
  seed: seedOf(name),
  weight,
  priority,
})
const sessions = Array.from({ length: 1_000 }, (_, i) => `session-${i}`)
const three = ['east', 'west', 'north'].map((name) => named(name))
const firstOf = (all: typeof three, affinity: string) => ranked(all, affinity)[0]?.name

describe('a thousand sessions of eight turns on three upstreams of one weight', () => {
  const homes = sessions.map((session) => firstOf(three, session))

  test('have all their turns on one', () => {
    for (const [i, session] of sessions.entries()) {
      for (let turn = 0; turn < 8; turn++) assert.equal(firstOf(three, session), homes[i])
    }
  })

  test('are a third on each, within four deviations', () => {
    for (const { name } of three) {
      const count = homes.filter((home) => home === name).length
      assert.ok(Math.abs(count - 333) < 60, `${name} has ${count}`)
    }
  })

  test('move only where theirs is gone, and to both of the others', () => {
    const left = three.filter(({ name }) => name !== 'west')
    const moved = new Map<string | undefined, number>()
    for (const [i, session] of sessions.entries()) {
      const home = firstOf(left, session)
      if (homes[i] !== 'west') assert.equal(home, homes[i])
      else moved.set(home, (moved.get(home) ?? 0) + 1)
    }
    const counts = [...moved.values()]
    assert.equal(counts.length, 2)
    assert.ok(Math.min(...counts) > 100, counts.join(' '))
  })

  test('move only to one that comes, a quarter of them and two in a hundred at most', () => {
    const four = [...three, named('south')]
    let moved = 0
    for (const [i, session] of sessions.entries()) {
      const home = firstOf(four, session)
      if (home === homes[i]) continue
      moved++
      assert.equal(home, 'south')
    }
    assert.ok(moved > 200 && moved <= 270, `${moved} moved`)
  })
})

test('is the same on every replica, in whatever order it has them', () => {
  const names = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 8 })
  const weights = fc.array(fc.nat(3), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(names, weights, fc.string(), (all, weighs, affinity) => {
      const here = all.map((name, i) =>
        named(name, { weight: weighs[i] ?? 1, priority: weighs[7 - i] ?? 0 }),
      )
      const there = [...here].reverse()
      const told = (list: typeof here) => ranked(list, affinity).map(({ name }) => name)
      assert.deepEqual(told(here), told(there))
      assert.deepEqual([...told(here)].sort(), [...all].sort())
    }),
  )
})

describe('weights', () => {
  const many = Array.from({ length: 40_000 }, (_, i) => `${i * 7}-of-many`)
  const share = (all: typeof three) => {
    const counts = new Map<string | undefined, number>()
    for (const it of many) {
      const home = firstOf(all, it)
      counts.set(home, (counts.get(home) ?? 0) + 1)
    }
    return all.map(({ name }) => (counts.get(name) ?? 0) / many.length)
  }

  test('are the shares of all affinities', () => {
    const all = [10, 20, 30, 40].map((weight) => named(`w${weight}`, { weight }))
    for (const [i, part] of share(all).entries()) {
      const wanted = (i + 1) / 10
      const deviation = Math.sqrt((wanted * (1 - wanted)) / many.length)
      assert.ok(Math.abs(part - wanted) < 5 * deviation, `${part} in place of ${wanted}`)
    }
  })

  test('hold for names that differ in one letter', () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((name) => named(name))
    for (const part of share(all)) assert.ok(Math.abs(part - 0.2) < 0.01, `${part}`)
  })

  test('of nothing come last, and all the same when nothing else is there', () => {
    const none = named('none', { weight: 0 })
    for (const it of many.slice(0, 1_000)) {
      assert.equal(ranked([none, ...three], it).at(-1)?.name, 'none')
    }
    assert.equal(firstOf([none], 'it'), 'none')
  })

  test('count within one priority, of which the higher number goes first', () => {
    const backup = named('backup', { weight: 1_000_000, priority: -1 })
    const favourite = named('favourite', { weight: 1, priority: 10 })
    for (const it of many.slice(0, 1_000)) {
      const names = ranked([backup, ...three, favourite], it).map(({ name }) => name)
      assert.deepEqual([names[0], names.at(-1)], ['favourite', 'backup'])
    }
  })
})

test('who is second is so by weight too, whoever is first', () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => named(name))
  const pairs = new Map<string, number>()
  for (let i = 0; i < 24_000; i++) {
    const [first, second] = ranked(all, `s${i}`)
    const pair = `${first?.name}${second?.name}`
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  assert.equal(pairs.size, 12)
  for (const [pair, count] of pairs) assert.ok(Math.abs(count - 2_000) < 250, `${pair} ${count}`)
})
