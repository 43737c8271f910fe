import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

type Package = { optionalDependencies?: Record<string, string>; resolved?: string }
type Packages = Record<string, Package>

const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Packages }

/** True where whoever lies at `path` finds a package of that name: beside itself or further out. */
function finds(all: Packages, path: string, name: string): boolean {
  if (`${path}${path && '/'}node_modules/${name}` in all) return true
  return (
    path !== '' && finds(all, path.replace(/(^|\/)node_modules\/(?!.*node_modules\/).*$/, ''), name)
  )
}

function missingFrom(all: Packages): string[] {
  return Object.entries(all).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !finds(all, path, name)),
  )
}

test('the lockfile names the packages of every platform, so that npm ci works on each', () => {
  assert.deepEqual(missingFrom(packages), [])
})

test('a package of another platform that the lockfile lacks is seen', () => {
  const wants = { optionalDependencies: { 'of-linux': '1.0.0', 'of-another': '1.0.0' } }
  const lock: Packages = { '': {}, 'node_modules/tool': wants, 'node_modules/of-linux': {} }
  assert.deepEqual(missingFrom(lock), ['of-another'])
  assert.deepEqual(missingFrom({ ...lock, 'node_modules/tool/node_modules/of-another': {} }), [])
  const nested = { '': {}, 'node_modules/a/node_modules/tool': wants, 'node_modules/of-linux': {} }
  assert.deepEqual(missingFrom(nested), ['of-another'])
  assert.deepEqual(missingFrom({ ...nested, 'node_modules/a/node_modules/of-another': {} }), [])
})

test('the lockfile names no registry', () => {
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined)
  assert.deepEqual(named, [])
})
