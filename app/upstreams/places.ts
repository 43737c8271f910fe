import { isDeepStrictEqual } from 'node:util'
import type { Proxies } from '../config/proxies.ts'
import { seedOf } from './choice/choose.ts'
import type { EnvironmentUpstream } from './environment.ts'
import { KeyPlace } from './choice/key-place.ts'
import { Load, type UpstreamPlace } from './choice/place.ts'
import type { OpenKey, OpenUpstream } from './reader.ts'
import { openUpstream, type UpstreamRuntime } from './upstream.ts'

type Options = {
  proxies: Proxies | undefined
  /** Those that the environment names. */
  own: readonly EnvironmentUpstream[]
  retireMs: number | undefined
}
type Kept = { place: UpstreamPlace; secrets: ReadonlyMap<number, string> }
type Change = { upstream: string; what: 'added' | 'changed' | 'removed'; keys?: number }

/** The key of an upstream of the environment. */
const ownKey = 'environment'
/** What an upstream that takes calls without a key is called in place of one. */
const noKey = 'none'
const usualWeight = 100

/**
 * All upstreams that there are, with their connections: the environment's own, and those that were
 * read last, of which one of the same name takes the place of one of them.
 */
export class Places {
  private readonly own: ReadonlyMap<string, UpstreamPlace>
  private kept: ReadonlyMap<string, Kept> = new Map()
  /** Those of before whose last calls are not over. */
  private readonly retired = new Set<UpstreamRuntime>()

  constructor(private readonly options: Options) {
    const { own, proxies } = options
    this.own = new Map(own.map((it) => [it.name, ownPlace(it, proxies)]))
  }

  find = (name: string): UpstreamPlace | undefined =>
    this.kept.get(name)?.place ?? this.own.get(name)

  all(): UpstreamPlace[] {
    const kept = [...this.kept.values()].map(({ place }) => place)
    return [...[...this.own.values()].filter(({ name }) => !this.kept.has(name)), ...kept]
  }

  /** Members that one of them takes at least. */
  allowed(): ReadonlySet<string> {
    return new Set(this.all().flatMap(({ allowed }) => [...allowed]))
  }

  /** Has these from now on, and answers what is another than before. */
  take(upstreams: readonly OpenUpstream[]): Change[] {
    const before = this.kept
    const kept = upstreams.map((it) => [it.name, this.keep(it, before.get(it.name))] as const)
    this.kept = new Map(kept)
    const changes: Change[] = []
    for (const [upstream, { place }] of this.kept) {
      const old = before.get(upstream)?.place
      const keys = place.keys.length
      if (!old) changes.push({ upstream, what: 'added', keys })
      else if (!isAsBefore(old, place)) changes.push({ upstream, what: 'changed', keys })
      if (old && old.runtime !== place.runtime) this.retire(old)
    }
    for (const [upstream, { place }] of before) {
      if (this.kept.has(upstream)) continue
      this.retire(place)
      changes.push({ upstream, what: 'removed' })
    }
    return changes
  }

  async closeAll(): Promise<void> {
    const runtimes = [...this.all(), ...this.own.values()].map(({ runtime }) => runtime)
    const all = new Set([...runtimes, ...this.retired])
    await Promise.all([...all].map((runtime) => runtime.close()))
  }

  private retire({ runtime }: UpstreamPlace) {
    this.retired.add(runtime)
    runtime.retire(() => this.retired.delete(runtime))
  }

  private keep(upstream: OpenUpstream, old: Kept | undefined): Kept {
    const { name, definition, state, priority, weight } = upstream
    const { proxies, retireMs } = this.options
    const isSame = old !== undefined && isDeepStrictEqual(old.place.runtime.definition, definition)
    const runtime = isSame
      ? old.place.runtime
      : openUpstream({ name, definition, proxies, ...(retireMs !== undefined && { retireMs }) })
    const load = old?.place.load ?? new Load()
    load.isOff = state === 'off'
    const place = {
      name,
      runtime,
      seed: seedOf(name),
      isOn: state === 'on',
      priority,
      weight,
      allowed: new Set(definition.members.allow),
      keys: keysOf(upstream, runtime, isSame ? old : undefined),
      load,
    }
    return { place, secrets: new Map(upstream.keys.map(({ id, secret }) => [id, secret])) }
  }
}

/** The environment's address is the operator's word, whatever it leads to. */
function ownPlace(
  { name, definition, key }: EnvironmentUpstream,
  proxies: Proxies | undefined,
): UpstreamPlace {
  const runtime = openUpstream({ name, definition, proxies, isTrusted: true })
  return {
    name,
    runtime,
    seed: seedOf(name),
    isOn: true,
    priority: 0,
    weight: usualWeight,
    allowed: new Set(definition.members.allow),
    keys: [new KeyPlace(null, key === undefined ? noKey : ownKey, runtime.headersWith(key))],
    load: new Load(),
  }
}

/** What is known of a key stays known while neither it nor its upstream's definition changes. */
function keysOf(
  { definition, keys }: OpenUpstream,
  runtime: UpstreamRuntime,
  old: Kept | undefined,
): KeyPlace[] {
  if (!definition.credential) {
    const [none] = old?.place.keys ?? []
    return [none ?? new KeyPlace(null, noKey, runtime.headersWith(undefined))]
  }
  const asBefore = ({ id, name, secret }: OpenKey) =>
    old?.secrets.get(id) === secret
      ? old.place.keys.find((it) => it.id === id && it.name === name)
      : undefined
  return keys.map(
    (key) => asBefore(key) ?? new KeyPlace(key.id, key.name, runtime.headersWith(key.secret)),
  )
}

const isAsBefore = (old: UpstreamPlace, now: UpstreamPlace) =>
  old.runtime === now.runtime &&
  old.isOn === now.isOn &&
  old.priority === now.priority &&
  old.weight === now.weight &&
  old.keys.length === now.keys.length &&
  old.keys.every((key, i) => key === now.keys[i])
