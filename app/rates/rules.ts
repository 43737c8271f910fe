import { limits } from '../config/limits.ts'
import { run, type Db } from '../db/db.server.ts'
import { keyspace, type RedisClient } from '../redis/redis.server.ts'
import type { Log } from '../telemetry/log.ts'
import type { LimitScope } from '../values/rates/limit-scopes.ts'
import { firstOf, ruleOf, type Figures, type Held, type Rule } from './rule.ts'

/** Which group an account is in, when it was so, by the database's clock, and when it was asked for here. */
type Group = { name: string | null; readMs: number; askedMs: number }

/** Whose call it is, of which model; null for what holds of every model. */
type Caller = { accountId: number; keyId: number; model: string | null }
type Rows = ReadonlyMap<string, Figures>

const nameOf = (scope: LimitScope, subject: string | number) => `${scope}:${subject}`

/** All limits that there are, the lowest names first. */
export async function listLimits(db: Db) {
  const rows = await run(db, 'rates/list', { rows: limits.rates.rowsMax })
  return rows.map(({ limitScope, ...row }) => ({ scope: limitScope, ...row }))
}

/**
 * The limits that hold for a call, as this process knows them. No money is decided by them: what
 * has changed is heard of, or found within seconds.
 */
export class Rules {
  private rows: Rows = new Map()
  private mark = ''
  /** When the rows were so, by the database's clock in milliseconds. */
  private readMs = 0
  private hasGroups = false
  /** By scope and subject, so that a bucket finds the same one while nothing changes. */
  private made = new Map<string, Rule | undefined>()
  private readonly groups = new Map<number, Group>()

  constructor(
    private readonly db: Db,
    private readonly log: Pick<Log, 'failed'>,
    private readonly now = () => performance.now(),
  ) {}

  /** Whether anything is limited at all. */
  get isEmpty() {
    return this.rows.size === 0
  }

  /** Takes in what has changed; where that fails, everything stays as it was. */
  async refresh(): Promise<void> {
    // Before the table: what changes while that is read has another mark the next time.
    const { mark, readMs } = await run(this.db, 'rates/read-mark', {})
    if (mark === this.mark) {
      this.readMs = readMs ?? 0
      return
    }
    const rows = await listLimits(this.db)
    this.rows = new Map(rows.map((row) => [nameOf(row.scope, row.subject), row]))
    this.hasGroups = rows.some(({ scope }) => scope === 'group')
    this.made = new Map()
    this.mark = mark ?? ''
    this.readMs = readMs ?? 0
  }

  /** Takes in what is said to have changed: limits, or which group an account is in. */
  async hear(): Promise<void> {
    this.groups.clear()
    await this.refresh()
  }

  /** What this call is counted by. Waits only for the group of an account that is not known. */
  heldBy(caller: Caller): Held[] | Promise<Held[]> {
    if (this.rows.size === 0) return []
    const { accountId } = caller
    if (!this.hasGroups) return this.heldIn(caller, null)
    const known = this.groups.get(accountId)
    if (!known) return this.askGroup(accountId).then((group) => this.heldIn(caller, group))
    if (this.now() - known.askedMs > limits.rates.groupMsMax) {
      // Once, whatever comes of it: until then what was known holds.
      known.askedMs = this.now()
      void this.askGroup(accountId)
    }
    return this.heldIn(caller, known)
  }

  /** The group of an account; what it was, or none, where nobody can say. */
  private async askGroup(accountId: number): Promise<Group | null> {
    try {
      const found = await run(this.db, 'rates/find-group', { accountId })
      const { groupName: name = null, readMs } = found ?? {}
      const [oldest] = this.groups.keys()
      if (oldest !== undefined && this.groups.size >= limits.rates.bucketsMax)
        this.groups.delete(oldest)
      const group = { name, readMs: readMs ?? 0, askedMs: this.now() }
      this.groups.set(accountId, group)
      return group
    } catch (error) {
      this.log.failed('limits_refresh_failed', error)
      return this.groups.get(accountId) ?? null
    }
  }

  private heldIn({ accountId, keyId, model }: Caller, of: Group | null): Held[] {
    const held: Held[] = []
    const group = of?.name ?? null
    const knownMs = Math.min(this.readMs, of?.readMs ?? this.readMs)
    const add = (id: string, rule: Rule | undefined) => rule && held.push({ id, rule, knownMs })
    add(`key:${keyId}`, this.ruleFor(`key:${keyId}`, ['key', [nameOf('key', keyId)]]))
    const own = nameOf('account', accountId)
    const wider = [...(group === null ? [] : [nameOf('group', group)]), nameOf('everyone', '')]
    const isOwn = this.rows.has(own)
    const name = isOwn ? `${own} ${group ?? ''}` : `accounts ${group ?? ''}`
    add(own, this.ruleFor(name, ['account', isOwn ? [own, ...wider] : wider]))
    if (model === null) return held
    const each = nameOf('model', model)
    add(`${own}:${model}`, this.ruleFor(each, ['model', [each], model]))
    const total = nameOf('model-total', model)
    add(total, this.ruleFor(total, ['model-total', [total], model]))
    return held
  }

  private ruleFor(
    name: string,
    [scope, from, model]: [LimitScope, readonly string[], string?],
  ): Rule | undefined {
    // Of keys and models most have none: what is not there needs no place in memory.
    if (!from.some((it) => this.rows.has(it))) return undefined
    if (this.made.has(name)) return this.made.get(name)
    const figures = firstOf(from.map((it) => this.rows.get(it)))
    const rule = ruleOf(figures, { scope, ...(model !== undefined && { model }) })
    this.made.set(name, rule)
    return rule
  }
}

/** Takes in limits when another process says that they have changed. */
export const hearLimits = (redis: RedisClient, rules: Rules, log: Pick<Log, 'failed'>) =>
  redis.subscribe(keyspace.limitsChannel, () => {
    rules.hear().catch((error: unknown) => log.failed('limits_refresh_failed', error))
  })
