import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { environmentFaults, readableSettings, settingNames } from '../../app/config/env.ts'
import { ownSettings } from '../command/environment.ts'
import { testEnvironment } from '../test-environment.ts'

const allNames = [...settingNames, ...ownSettings]
/** Proxies are also known by names in lower case, which are the same settings. */
const names = allNames.filter((name) => name === name.toUpperCase())
/** What `npm start` sets itself, and nobody else has to know of. */
const internal = ['RELAY_MODE', 'UPSTREAM_IS_DEMO', 'RELAY_DEV']

const example = readFileSync('.env.example', 'utf8')
/** The example's values, by name, as they would be without their `#`. */
const shown = parseEnv(example.replace(/^#(?=[A-Z_]+=)/gm, ''))

/** The first two columns of README's table of settings. */
const rows = readFileSync('README.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| `[A-Z_]+`/.test(line))
  .map((line) => line.split('|').map((cell) => cell.trim()))
const documented = rows.flatMap(([, first = '', usual = '']) =>
  [...first.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => ({ name, usual })),
)

test('.env.example names every setting, once', () => {
  const named = [...example.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)
  assert.deepEqual(named.sort(), [...names].sort())
})

test('.env.example copied as it is changes nothing', () => {
  assert.deepEqual(parseEnv(example), {})
})

test("README's table has every setting that is for people, and no other", () => {
  const wanted = names.filter((name) => !internal.includes(name))
  assert.deepEqual(documented.map(({ name }) => name).sort(), wanted.sort())
})

test('defaults are what .env.example and README say', () => {
  const usual = readableSettings({}) as Record<string, unknown>
  const given = readableSettings({ ...shown }) as Record<string, unknown>
  for (const [name, value] of Object.entries(usual)) {
    if (value === undefined || name === 'NODE_ENV') continue
    assert.deepEqual(given[name], value, name)
  }
  for (const name of ['PORT', 'HOST', 'LOG_LEVEL', 'DATA_DIR', 'OPENAI_BASE_URL']) {
    const row = documented.find((it) => it.name === name)
    assert.ok(row?.usual.includes(shown[name] ?? 'absent'), name)
  }
})

test('a secret taken over from .env.example is refused', () => {
  const faults = environmentFaults({ ...shown })
  assert.ok(faults.some((it) => it.startsWith('SESSION_SECRET: can be guessed')))
})

test('tests see none of the settings that a developer has', () => {
  const before = { ...process.env }
  try {
    for (const name of allNames) process.env[name] = 'a developer’s own'
    const seen = testEnvironment({ mariadb: undefined, redisUrl: undefined })
    const left = allNames.filter((name) => name !== 'NODE_ENV' && name in seen)
    assert.deepEqual(left, [])
    assert.equal(seen.NODE_ENV, 'test')
  } finally {
    for (const name of allNames) delete process.env[name]
    Object.assign(process.env, before)
  }
})
