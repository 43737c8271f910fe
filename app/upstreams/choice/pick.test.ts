import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { limits } from '../../config/limits.ts'
import { seedOf } from './choose.ts'
import { Definition } from '../definition.ts'
import { pick } from './pick.ts'
import { KeyPlace } from './key-place.ts'
import { Load, type UpstreamPlace } from './place.ts'

const { openMs } = limits.breaker
const definition = Definition.parse({
  kind: 'openai',
  baseUrl: 'https://upstream.example',
  paths: { 'chat/completions': '/chat/completions' },
  credential: null,
  timeouts: { connectMs: 1_000, firstEventMs: 1_000, idleMs: 1_000, totalMs: 10_000 },
})
type More = Partial<UpstreamPlace> & {
  keyNames?: string[]
  concurrent?: number
  limits?: Definition['limits']
}

function upstream(
  name: string,
  { keyNames = ['main'], concurrent, limits: bounds, ...more }: More = {},
) {
  const runtime = {
    name,
    definition: {
      ...definition,
      ...(concurrent && { limits: { concurrent } }),
      ...(bounds && { limits: bounds }),
    },
    headersWith: () => ({}),
    send: () => Promise.reject(new Error('nothing is sent here')),
    retire: () => undefined,
    isClosed: false,
    close: () => Promise.resolve(),
  }
  return {
    name,
    runtime,
    seed: seedOf(name),
    isOn: true,
    priority: 0,
    weight: 100,
    allowed: new Set<string>(),
    keys: keyNames.map((key) => new KeyPlace(1, key, {})),
    load: new Load(),
    ...more,
  } satisfies UpstreamPlace
}

let now = 0
let relays = 1
let tokens = 0
const held: string[] = []
const said: string[] = []
beforeEach(() => {
  now = 0
  relays = 1
  tokens = 0
  held.length = said.length = 0
})

/** A room of these upstreams, each of which offers every model. */
function among(...upstreams: UpstreamPlace[]) {
  const find = (name: string) => upstreams.find((it) => it.name === name)
  const moment = {
    now: () => now,
    isHeld: (...it: string[]) => held.includes(it.join('/')),
    told: {
      opened: (place: { upstream: UpstreamPlace }, why: string) =>
        void said.push(`${place.upstream.name} opened: ${why}`),
      closed: (place: { upstream: UpstreamPlace }) =>
        void said.push(`${place.upstream.name} closed`),
      limited: () => undefined,
    },
    relays: () => relays,
  }
  return (
    affinity = 'a',
    needs: string[] = [],
    model = 'm',
    path = 'chat/completions',
    account = 1,
  ) => {
    const offers = upstreams.map(({ name }) => ({ upstream: name, theirName: model }))
    return pick(
      offers,
      {
        account,
        model,
        path,
        needs: new Set(needs),
        affinity: () => affinity,
        tokens: () => tokens,
      },
      find,
      moment,
    )
  }
}
type Choose = ReturnType<typeof among>
const nameOf = (attempt: ReturnType<ReturnType<Choose>['next']>) =>
  attempt && `${attempt.target.upstream.name}/${attempt.target.key.name}`

/** All that the call would be tried at, where each attempt fails so. */
function tries(
  candidates: ReturnType<Choose>,
  kind: 'failure' | 'limit' | 'credential' = 'failure',
) {
  const names = []
  for (let attempt = candidates.next(); attempt; attempt = candidates.next()) {
    names.push(nameOf(attempt))
    attempt.failed(kind)
  }
  return names
}
const fail = (choose: Choose, times: number) => {
  for (let i = 0; i < times; i++) choose().next()?.failed('failure')
}

describe('a call goes to', () => {
  test('each of those that can serve it once, and no other', () => {
    const off = upstream('off', { isOn: false })
    const choose = among(upstream('a'), off, upstream('b'), upstream('c'))
    assert.deepEqual(tries(choose()).sort(), ['a/main', 'b/main', 'c/main'])
    assert.equal(choose('a', [], 'm', 'embeddings').targets.length, 0)
    assert.equal(choose('a', [], 'm', 'constructor').next(), undefined)
  })

  test('those that take what it needs beyond what is priced', () => {
    const choose = among(upstream('a'), upstream('b', { allowed: new Set(['top_k', 'x']) }))
    assert.deepEqual(tries(choose('a', ['top_k'])), ['b/main'])
    assert.deepEqual(tries(choose('a', ['top_k', 'y'])), [])
  })

  test('another upstream after a failure, and another key of the same after a limit', () => {
    const choose = among(
      upstream('a', { keyNames: ['k1', 'k2'], priority: 1 }),
      upstream('b', { keyNames: ['k1', 'k2'] }),
    )
    const upstreamsOf = (names: (string | undefined)[]) => names.map((name) => name?.[0]).join('')
    assert.equal(upstreamsOf(tries(choose())), 'abab')
    assert.equal(upstreamsOf(tries(choose(), 'limit')), 'aabb')
    const many = upstream('a', { keyNames: ['k1', 'k2', 'k3', 'k4'], priority: 1 })
    // The last attempt that a call has is another upstream's.
    assert.equal(upstreamsOf(tries(among(many, upstream('b'))(), 'limit')).slice(0, 3), 'aab')
  })

  test('the same upstream and key for the same affinity, as far as they are well', () => {
    const choose = among(upstream('a', { keyNames: ['k1', 'k2'] }), upstream('b'), upstream('c'))
    const first = (affinity: string) => nameOf(choose(affinity).next())
    const homes = new Set<string | undefined>()
    for (let i = 0; i < 100; i++) {
      homes.add(first(`s${i}`))
      assert.equal(first(`s${i}`), first(`s${i}`))
    }
    assert.deepEqual([...homes].sort(), ['a/k1', 'a/k2', 'b/main', 'c/main'])
  })
})

describe('one whose breaker is open', () => {
  test('gets no calls while others are there, and one at a time after a while', () => {
    const choose = among(upstream('a', { priority: 1 }), upstream('b'))
    fail(choose, 5)
    assert.deepEqual(said, ['a opened: failure'])
    assert.deepEqual(tries(choose()), ['b/main'])
    now = openMs
    const probe = choose().next()
    assert.equal(nameOf(probe), 'a/main')
    assert.equal(nameOf(choose().next()), 'b/main')
    probe?.neutral()
    const again = choose().next()
    assert.equal(nameOf(again), 'a/main')
    again?.succeeded()
    assert.equal(nameOf(choose().next()), 'a/main')
    assert.deepEqual(said, ['a opened: failure', 'a closed'])
  })

  test('is so for one model, and of a credential for all of its key', () => {
    const choose = among(upstream('a', { keyNames: ['k1'], priority: 1 }), upstream('b'))
    fail(choose, 5)
    assert.equal(nameOf(choose('a', [], 'other').next()), 'a/k1')
    const attempt = choose('a', [], 'other').next()
    attempt?.failed('credential')
    assert.equal(nameOf(choose('a', [], 'third').next()), 'b/main')
    assert.deepEqual(said, ['a opened: failure', 'a opened: credential'])
  })

  test('is left out by calls that chose before it opened', () => {
    const choose = among(upstream('a', { priority: 1 }), upstream('b'))
    const early = choose()
    assert.equal(early.targets.length, 2)
    fail(choose, 5)
    assert.equal(nameOf(early.next()), 'b/main')
  })

  test('tells its attempt’s outcome once', () => {
    const choose = among(upstream('a'), upstream('b'))
    const attempt = choose().next()
    attempt?.neutral()
    for (let i = 0; i < 10; i++) attempt?.failed('failure')
    assert.deepEqual(said, [])
  })
})

describe('where nobody is well', () => {
  test('a call is tried once all the same, and what is well again has all calls', () => {
    const choose = among(upstream('a', { priority: 1 }), upstream('b'))
    fail(choose, 10)
    assert.deepEqual(tries(choose()), ['a/main'])
    choose().next()?.succeeded()
    assert.deepEqual(tries(choose()), ['a/main'])
    assert.equal(said.at(-1), 'a closed')
  })

  test('it is tried first with a key that is not known to be refused, and then with one', () => {
    const choose = among(upstream('a', { keyNames: ['k1', 'k2'], priority: 1 }), upstream('b'))
    for (let i = 0; i < 2; i++) choose().next()?.failed('credential')
    fail(choose, 5)
    const [first, ...others] = tries(choose())
    assert.equal(first, 'b/main')
    assert.equal(others.length, 1)
  })

  test('the mildest trouble comes first: a limit before failures, and the soonest over', () => {
    const choose = among(
      upstream('dead', { priority: 3 }),
      upstream('limited', { priority: 2 }),
      upstream('sooner', { priority: 1 }),
    )
    fail(choose, 5)
    choose().next()?.failed('limit', 20_000)
    choose().next()?.failed('limit', 10_000)
    assert.deepEqual(tries(choose(), 'limit'), ['sooner/main', 'limited/main', 'dead/main'])
  })

  test('a limit closes nobody out who has no other', () => {
    const choose = among(upstream('a'))
    choose().next()?.failed('limit', 20_000)
    assert.equal(nameOf(choose().next()), 'a/main')
  })

  test('what is opened by hand gets nothing, and what is full neither', () => {
    held.push('a/k1/m')
    const choose = among(upstream('a', { keyNames: ['k1'] }))
    assert.equal(choose().next(), undefined)
    assert.equal(nameOf(choose('a', [], 'other').next()), 'a/k1')
  })
})

test('an upstream of bounded calls takes no more than those at a time', () => {
  const choose = among(upstream('a', { concurrent: 2, priority: 1 }), upstream('b'))
  const of = (account: number) => choose('a', [], 'm', 'chat/completions', account).next()
  const [first, second] = [of(1), of(2)]
  assert.deepEqual([nameOf(first), nameOf(second)], ['a/main', 'a/main'])
  assert.equal(nameOf(of(3)), 'b/main')
  first?.neutral()
  assert.equal(nameOf(of(3)), 'a/main')
})

describe('an upstream with limits by the minute', () => {
  test('is passed over with each key that has reached them, and comes back as they come due', () => {
    const choose = among(
      upstream('a', { limits: { requestsPerMinute: 2 }, keyNames: ['k1', 'k2'], priority: 1 }),
      upstream('b'),
    )
    const names = Array.from({ length: 5 }, () => nameOf(choose().next()))
    assert.deepEqual(names.slice(0, 4).sort(), ['a/k1', 'a/k1', 'a/k2', 'a/k2'])
    assert.equal(names[4], 'b/main')
    now = 30_000
    assert.match(nameOf(choose().next()) ?? '', /^a/)
    relays = 2
    now = 60_000
    // Half of it comes due in twice the time: of the key that has had none since, one.
    assert.deepEqual([nameOf(choose().next()), nameOf(choose().next())], ['a/k2', 'b/main'])
  })

  test('gives back of a call that is larger than its limit no more than was taken', () => {
    const choose = among(upstream('a', { limits: { tokensPerMinute: 1_000 } }))
    tokens = 100_000
    const large = choose().next()
    assert.equal(nameOf(large), 'a/main')
    now += 60_000
    tokens = 1_000
    assert.equal(nameOf(choose().next()), 'a/main')
    now += 30_000
    tokens = 500
    assert.equal(nameOf(choose().next()), 'a/main')
    large?.succeeded()
    large?.used(1_000)
    assert.equal(choose().targets.length, 0)
  })

  test('takes tokens as they are reckoned, and gives back what was not used', () => {
    const choose = among(upstream('a', { limits: { tokensPerMinute: 1_000 } }))
    tokens = 600
    const first = choose().next()
    assert.equal(nameOf(first), 'a/main')
    assert.equal(choose().targets.length, 0)
    first?.succeeded()
    first?.used(100)
    const second = choose().next()
    assert.equal(nameOf(second), 'a/main')
    second?.failed('limit')
    assert.equal(nameOf(choose().next()), 'a/main', 'what has failed has used nothing')
    first?.used(2_000)
    assert.equal(choose().targets.length, 0)
  })
})

describe('of an upstream of bounded calls an account', () => {
  /** Begins as many calls of an account as there is room for. */
  function fill(bounded: UpstreamPlace, account: number) {
    const choose = among(bounded)
    const begun = []
    for (;;) {
      const attempt = choose('a', [], 'm', 'chat/completions', account).next()
      if (!attempt) return begun
      begun.push(attempt)
    }
  }

  test('alone has half, rounded up, and one of one', () => {
    for (const [concurrent, most] of [
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 3],
      [10, 5],
      [101, 51],
    ] as const)
      assert.equal(fill(upstream('a', { concurrent }), 1).length, most, String(concurrent))
  })

  test('leaves the others half of what is free, and takes no more for being first', () => {
    const bounded = upstream('a', { concurrent: 16 })
    assert.deepEqual(
      [1, 2, 3, 4, 5, 6].map((account) => fill(bounded, account).length),
      [8, 4, 2, 1, 1, 0],
    )
    assert.equal(bounded.load.calls, 16)
  })

  test('may take again what it has given back, and no place is lost', () => {
    const bounded = upstream('a', { concurrent: 8 })
    const [one, two] = [fill(bounded, 1), fill(bounded, 2)]
    assert.deepEqual([one.length, two.length], [4, 2])
    for (const attempt of one) attempt.neutral()
    assert.equal(fill(bounded, 2).length, 2)
    assert.equal(fill(bounded, 1).length, 2)
    assert.equal(bounded.load.calls, 6)
  })
})

describe('where a call would go next', () => {
  test('is sure once it has answered since the one that failed is left alone', () => {
    const calls = among(upstream('a', { priority: 1 }), upstream('b'))
    const failing = Array.from({ length: 5 }, () => calls())
    for (const it of failing) it.next()!.failed('failure')
    const { outlook } = failing[0]!
    assert.deepEqual([outlook.isSure(), outlook.isWell()], [false, true])
    now++
    failing[1]!.next()!.succeeded()
    assert.equal(outlook.isSure(), true)
    failing[2]!.next()!.failed('failure')
    assert.deepEqual([outlook.isSure(), outlook.isWell()], [false, true])
    for (let i = 0; i < 4; i++) calls().next()!.failed('failure')
    assert.deepEqual([outlook.isSure(), outlook.isWell()], [false, false])
  })
})

test('one that fails and says for how long is left alone for as long, and has failed', () => {
  const calls = among(upstream('a', { priority: 1 }), upstream('b'))
  calls().next()!.failed('failure', 20_000)
  assert.equal(calls().next()!.target.upstream.name, 'b')
  now += 20_000
  for (let i = 0; i < 4; i++) calls().next()!.failed('failure')
  assert.deepEqual(said, ['a opened: failure'])
})

test('a place of one of bounded calls is free again where sending throws', async () => {
  const bounded = upstream('a', { concurrent: 1 })
  bounded.runtime.send = () => {
    throw new Error('a mistake')
  }
  const attempt = among(bounded)().next()!
  await assert.rejects(async () => attempt.send(undefined as never), /a mistake/)
  assert.equal(bounded.load.calls, 0)
})
