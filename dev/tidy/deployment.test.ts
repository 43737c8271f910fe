import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { limits } from '../../app/config/limits.ts'
import { settingNames } from '../../app/config/env.ts'

type Service = {
  image: string
  environment?: Record<string, string | number | null>
  depends_on?: Record<string, { condition: string }>
  stop_grace_period?: string
  [more: string]: unknown
}

const dockerfile = readFileSync('Dockerfile', 'utf8')
const { services } = parse(readFileSync('compose.yaml', 'utf8'), { merge: true }) as {
  services: Record<'relay' | 'mysql' | 'redis', Service>
}
const unit = readFileSync('deploy/ai-api-relay@.service', 'utf8')

/** The longest that a relay takes to end, unless it is told to serve on for longer. */
const { delaySecondsUsual, drainMsMax, cutMsMax, settleMsMax, closeMsMax } = limits.shutdown
const endSecondsMax = delaySecondsUsual + (drainMsMax + cutMsMax + settleMsMax + closeMsMax) / 1_000

/** What `npm start` sets itself, and names in the other case of letters. */
const forPeople = settingNames.filter(
  (name) => name === name.toUpperCase() && !['UPSTREAM_IS_DEMO', 'RELAY_DEV'].includes(name),
)

test('an image is made of files that are there, and of all that the build reads', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, from = '']) =>
    from.split(' '),
  )
  const allowed = [...readFileSync('.dockerignore', 'utf8').matchAll(/^!(.+)$/gm)].map(
    ([, path = '']) => path,
  )
  const missing = [...copied, ...allowed].filter((path) => !existsSync(path))
  assert.deepEqual(missing, [])
  const needed = readFileSync('dev/bundle/build.ts', 'utf8').match(/const inputs = \[([^\]]+)\]/)
  const inputs = [...(needed?.[1] ?? '').matchAll(/'([^']+)'/g)].map(([, path = '']) => path)
  assert.ok(inputs.length > 5)
  const reaches = (path: string) => allowed.some((it) => path === it || path.startsWith(`${it}/`))
  assert.deepEqual(
    [...inputs, ...copied.filter((path) => path !== '.')].filter((path) => !reaches(path)),
    [],
  )
})

test('an image runs without root, says how it is, and holds no secret', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM'))
  assert.match(last, /^USER 1000:1000$/m)
  assert.match(last, /^HEALTHCHECK .*\n +CMD \["node", .*\/healthz/m)
  assert.match(last, /^CMD \["node", "--enable-source-maps", "build\/server\.mjs"\]$/m)
  assert.doesNotMatch(dockerfile, /^(ARG|ENV)\b.*(SECRET|KEY|PASSWORD|TOKEN)/im)
  for (const [, image = ''] of dockerfile.matchAll(/^ARG NODE_IMAGE=(.+)$/gm)) {
    assert.match(image, /^node:\d+-slim/)
  }
})

test('compose hands the relay every setting that is for people, and no other name', () => {
  const named = Object.keys(services.relay.environment ?? {})
  assert.deepEqual(named.sort(), [...forPeople].sort())
})

test('everything in compose is bound: rights, files, versions, order and end', () => {
  for (const [name, service] of Object.entries(services)) {
    const { read_only, cap_drop, security_opt, image } = service
    assert.deepEqual([read_only, cap_drop], [true, ['ALL']], name)
    assert.deepEqual(security_opt, ['no-new-privileges:true'], name)
    if (name !== 'relay') assert.match(image, /:\d/, name)
  }
  assert.match(services.mysql.image, /^mysql:8\.4/)
  assert.match(services.redis.image, /^redis:7/)
  for (const { condition } of Object.values(services.relay.depends_on ?? {})) {
    assert.equal(condition, 'service_healthy')
  }
  assert.ok(parseInt(services.relay.stop_grace_period ?? '0') > endSecondsMax)
  assert.ok(services.mysql.healthcheck && services.redis.healthcheck)
})

test('systemd waits for the drain, and gives every port its own relay', () => {
  assert.ok(Number(/^TimeoutStopSec=(\d+)s$/m.exec(unit)?.[1]) > endSecondsMax)
  assert.match(unit, /^ExecStart=.* PORT=%i .*build\/server\.mjs$/m)
  assert.match(unit, /^KillSignal=SIGTERM$/m)
  for (const name of ['DATABASE_URL', 'SESSION_SECRET', 'OPENAI_API_KEY']) {
    assert.ok(!unit.includes(name), `${name} stands in the file of settings alone`)
  }
})
