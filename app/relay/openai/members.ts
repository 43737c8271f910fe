import { badRequest, type Refused } from '../../errors/refusal.ts'
import type { Allowed } from '../endpoint.ts'

/**
 * What a member at the top of a request does to its cost. `free`: nothing beyond its own text, which
 * is counted. `bounded`: it limits or multiplies the cost, and the hold reckons with it. `priced`:
 * it has a price that the bill takes. Refused: it buys something that has no price here; `idle`
 * knows the values that buy nothing.
 */
export type Member = 'free' | 'bounded' | 'priced' | RefusedMember
type RefusedMember = { idle(value: unknown): boolean; instead?: string }

/** What some upstream lets through; it keeps which of that a call cannot do without. */
export class Allowance implements Allowed {
  private asked: Set<string> | undefined

  constructor(private readonly names: ReadonlySet<string>) {}

  has(name: string): boolean {
    if (!this.names.has(name)) return false
    this.asked = (this.asked ?? new Set()).add(name)
    return true
  }

  get needs(): ReadonlySet<string> {
    return this.asked ?? nothing
  }
}
const nothing: ReadonlySet<string> = new Set()

/** The members that an endpoint knows; a request with any other one is refused. */
export class Members {
  private readonly byName: ReadonlyMap<string, Member>
  private readonly byFold: ReadonlyMap<string, string>

  constructor(members: Record<string, Member>) {
    this.byName = new Map(Object.entries(members))
    this.byFold = new Map(Object.keys(members).map((name) => [fold(name), name]))
  }

  has = (name: string) => this.byName.has(name)

  /**
   * Throws `Refused` where a member is unknown or would do what has no price. `allowed` are names
   * that the operator lets through, asked for only where that decides: what those buy is not
   * reckoned with.
   */
  check(body: Record<string, unknown>, names: Iterable<string>, allowed: Allowed) {
    let unknown: string[] | undefined
    for (const name of names) {
      const member = this.byName.get(name)
      if (typeof member === 'string') continue
      if (member === undefined) {
        if (this.byFold.has(fold(name)) || !allowed.has(name)) (unknown ??= []).push(name)
      } else if (!member.idle(body[name]) && !allowed.has(name)) throw refusedFor(name, member)
    }
    if (unknown) throw this.unrecognized(unknown)
  }

  /** In OpenAI's words, which programs look for; a known name in another spelling is told apart. */
  private unrecognized(names: string[]): Refused {
    const shown = names.slice(0, namesShown).map(shorten)
    const supplied = `${names.length === 1 ? 'argument' : 'arguments'} supplied`
    const more = names.length > namesShown ? ', …' : ''
    const meant = this.byFold.get(fold(names[0] ?? ''))
    const hint = meant === undefined ? '' : `. Its name is '${meant}'.`
    return badRequest(
      `Unrecognized request ${supplied}: ${shown.join(', ')}${more}${hint}`,
      shown[0],
    )
  }
}

const namesShown = 10
const shorten = (name: string) => JSON.stringify(name.slice(0, 100)).slice(1, -1)

const refusedFor = (name: string, { instead }: RefusedMember) =>
  badRequest(`'${name}' is not available here.${instead === undefined ? '' : ` ${instead}`}`, name)

/**
 * One spelling for all that an upstream may take for the same name: Go's JSON reads names without
 * regard to case, and takes the long s and the Kelvin sign for an s and a k.
 */
export const fold = (name: string) => name.toUpperCase().toLowerCase()

/** What a member within another one says; undefined where a second spelling says something else. */
export function valueWithin(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null) return undefined
  const names = Object.keys(holder).filter((it) => fold(it) === name || it.includes('\\'))
  return names.join() === name ? (holder as Record<string, unknown>)[name] : undefined
}

/**
 * The type that a tool is read as, whoever reads it: undefined where it has none, and all the names
 * that may be read as its own where one of them is odd.
 */
export function typeOfTool(tool: Record<string, unknown>): unknown {
  const names = Object.keys(tool).filter((name) => fold(name) === 'type' || name.includes('\\'))
  if (names.length === 0) return undefined
  return names.join() === 'type' ? tool.type : names.join()
}

/** The same for each of these names, which are parted by blanks. */
export const membersOf = (names: string, member: Member): Record<string, Member> =>
  Object.fromEntries(names.split(' ').map((name) => [name, member]))

/** OpenAI gives its own moderation models away; the member may name any other. */
export const ownModeration: RefusedMember = {
  idle(value) {
    const model = valueWithin(value, 'model')
    const isOwn = typeof model === 'string' && /^(omni|text)-moderation-[\w-]+$/.test(model)
    return value === null || isOwn
  },
}

/** Refused where it says anything but null, or one of these words and numbers. */
export const refuse = (...idle: unknown[]): RefusedMember => ({
  idle: (value) => value === null || idle.includes(value),
})

/** Refused where it is a list or an object with anything in it, or no such thing. */
export const refuseFilled: RefusedMember = {
  idle: (value) => value === null || (typeof value === 'object' && Object.keys(value).length === 0),
}
