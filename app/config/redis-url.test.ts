import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { redisPlace } from './redis-url.ts'

const several = { isTls: false, username: undefined, password: undefined }
const sentinels = {
  ...several,
  kind: 'sentinel',
  master: 'mymaster',
  db: 0,
  sentinelUsername: undefined,
  sentinelPassword: undefined,
}

describe('an address of Redis', () => {
  test('of one server is what it was', () => {
    for (const url of ['redis://cache:6379', 'rediss://u:p@cache/2', 'redis://[::1]:6379/0'])
      assert.deepEqual(redisPlace(url), { kind: 'single', url })
  })

  test('of Sentinels names them, the master and a database', () => {
    const addresses = [
      { host: 'a', port: 26379 },
      { host: '10.0.0.2', port: 1 },
      { host: 'fd00::3', port: 26380 },
    ]
    assert.deepEqual(redisPlace('redis+sentinel://a,10.0.0.2:1,[fd00::3]:26380/mymaster'), {
      ...sentinels,
      addresses,
    })
    assert.deepEqual(
      redisPlace('rediss+sentinel://me:p%40s%3As%2F%25,@a/mymaster/3?sentinelPassword=q%26'),
      {
        ...sentinels,
        isTls: true,
        addresses: addresses.slice(0, 1),
        username: 'me',
        password: 'p@s:s/%,',
        db: 3,
        sentinelPassword: 'q&',
      },
    )
  })

  test('of a Cluster names some of its nodes', () => {
    assert.deepEqual(redisPlace('redis+cluster://:secret@a:7000,b'), {
      ...several,
      kind: 'cluster',
      password: 'secret',
      addresses: [
        { host: 'a', port: 7000 },
        { host: 'b', port: 6379 },
      ],
    })
    const withTls = redisPlace('rediss+cluster://[::1]')
    assert.ok('isTls' in withTls && withTls.isTls)
  })

  test('that leads nowhere is told what it lacks, without what it holds', () => {
    const wrong: [url: string, words: RegExp][] = [
      ['http://hunter2', /begins with redis:\/\//],
      ['redis:hunter2', /begins with redis:\/\//],
      ['redis+sentinels://hunter2/mymaster', /begins with redis:\/\//],
      ['redis://hunter2:99999', /begins with redis:\/\//],
      ['redis://:hunter2@a:1,b:2', /several hosts/],
      ['redis://hunter2,b:2/0', /several hosts/],
      ['redis+sentinel:///hunter2', /hosts with commas/],
      ['redis+sentinel://a,,hunter2/mymaster', /hosts with commas/],
      ['redis+sentinel://a:0/hunter2', /hosts with commas/],
      ['redis+sentinel://a:65536/hunter2', /hosts with commas/],
      ['redis+sentinel://[hunter2]/mymaster', /hosts with commas/],
      ['redis+sentinel://:hunter2%@a/mymaster', /%25/],
      ['redis+sentinel://hunter2', /name by which Sentinel/],
      ['redis+sentinel://a/mymaster/hunter2', /name by which Sentinel/],
      ['redis+sentinel://a/mymaster/0/hunter2', /name by which Sentinel/],
      ['redis+sentinel://a/mymaster?password=hunter2', /sentinelPassword/],
      ['redis+cluster://a,hunter2/0', /end behind its hosts/],
      ['redis+cluster://a?password=hunter2', /end behind its hosts/],
    ]
    for (const [url, words] of wrong) {
      const place = redisPlace(url)
      assert.ok('fault' in place, url)
      assert.match(place.fault, words, url)
      assert.doesNotMatch(place.fault, /hunter2/)
    }
  })
})
