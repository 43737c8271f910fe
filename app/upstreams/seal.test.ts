import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSealer } from './seal.ts'

const [one, two] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)]
const place = { upstream: 'azure-eu', name: 'main' }
const key = 'sk-proj-0123456789abcdef'

describe('a sealed key', () => {
  test('opens for its place, and shows nothing of itself', () => {
    const sealer = createSealer([one])
    const sealed = sealer.seal(place, key)
    assert.equal(sealer.open(place, sealed), key)
    assert.equal(Buffer.from(sealed.sealed).includes(key), false)
    assert.equal(Buffer.from(sealed.sealedBy).includes(one.subarray(0, 8)), false)
    assert.notDeepEqual(sealer.seal(place, key).sealed, sealed.sealed)
  })

  test('opens nowhere else: not in another row, nor where two names run together', () => {
    const sealer = createSealer([one])
    const sealed = sealer.seal(place, key)
    for (const other of [
      { upstream: 'azure-us', name: 'main' },
      { upstream: 'azure-eu', name: 'spare' },
      { upstream: 'azure-eum', name: 'ain' },
      { upstream: 'azure-e', name: 'umain' },
    ])
      assert.equal(sealer.open(other, sealed), undefined)
  })

  test('opens with no bit of it changed, and none missing', () => {
    const sealer = createSealer([one])
    const { sealed, sealedBy } = sealer.seal(place, key)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at]! ^= 1
      assert.equal(sealer.open(place, { sealed: changed, sealedBy }), undefined, `${at}`)
      const cut = Buffer.from(sealed).subarray(0, at)
      assert.equal(sealer.open(place, { sealed: cut, sealedBy }), undefined, `${at}`)
    }
  })

  test('opens by an old secret while that is given, and is sealed anew by the current one', () => {
    const old = createSealer([one]).seal(place, key)
    const both = createSealer([two, one])
    assert.equal(both.open(place, old), key)
    assert.equal(both.isCurrent(old), false)
    const renewed = both.seal(place, key)
    assert.equal(both.isCurrent(renewed), true)
    const after = createSealer([two])
    assert.equal(after.open(place, renewed), key)
    assert.equal(after.open(place, old), undefined)
  })

  test('does not open by a secret that claims to have sealed it', () => {
    const { sealed } = createSealer([one]).seal(place, key)
    const { sealedBy } = createSealer([two]).seal(place, key)
    assert.equal(createSealer([two]).open(place, { sealed, sealedBy }), undefined)
  })
})
