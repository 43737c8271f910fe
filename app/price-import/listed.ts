import type { Terms } from '../catalog/catalog.server.ts'
import { JsonObject, Numeral, type Json } from './json-text.ts'
import { countOf, Unreadable } from './numerals.ts'

/** What a list says of a model's price, from a moment on; null is from the beginning of time. */
export type DatedTerms = { effectiveFrom: Date | null; terms: Terms }

/** A model of a published list, in words that all lists have in common. */
export type Listed = {
  provider: string
  /** What its provider calls it. */
  model: string
  /** Names that mean the same to the provider, one by one. */
  aliases: string[]
  contextTokens: number | null
  outputTokensMax: number | null
  /** In the order of their dates; at least one. */
  prices: DatedTerms[]
  /** Whether the list speaks of service tiers; of what it does not speak, nothing is known by it. */
  saysServices: boolean
  /** What the list says and no row can, where it takes nothing from what calls are charged. */
  notes: string[]
}

/** What of a list could not be taken, and why. */
export type Unread = { provider: string; model: string; why: string }

export type Read = { listed: Listed[]; unread: Unread[] }

/** What the scope of a cost row and the columns of its model take. */
const providerForm = /^[a-z0-9][a-z0-9._-]{0,59}$/
const modelForm = /^[^\s\p{Cc}\p{Cf}](?:[^\p{Cc}\p{Cf}]{0,198}[^\s\p{Cc}\p{Cf}])?$/u

/**
 * Reads one model of a list. What is wrong with it is said of it alone: a list of a thousand models
 * is worth having without one.
 */
export function readOne(read: Read, provider: string, model: string, work: () => Listed): void {
  try {
    if (!providerForm.test(provider))
      throw new Unreadable('its provider has no name that a row can have')
    if (!modelForm.test(model)) throw new Unreadable('it has no name that a row can have')
    read.listed.push(work())
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    read.unread.push({ provider, model, why: error.message })
  }
}

/** An object none of whose members stands twice, nor does any in what it holds. */
export function objectOf(json: Json | undefined, what: string): JsonObject {
  if (!(json instanceof JsonObject)) throw new Unreadable(`${what} is no object`)
  refuseTwice(json, what)
  return json
}

function refuseTwice(json: Json, what: string): void {
  if (Array.isArray(json)) for (const each of json) refuseTwice(each, what)
  if (!(json instanceof JsonObject)) return
  const [name] = json.twice
  if (name !== undefined) throw new Unreadable(`${what} has "${name.slice(0, 40)}" twice`)
  for (const [own, value] of json.members) refuseTwice(value, own)
}

export function numeralOf(json: Json | undefined, what: string): Numeral {
  if (json instanceof Numeral) return json
  throw new Unreadable(`${what} is no number`)
}

/** A bound such as a context, where it is said. A list's zero means that nobody knows. */
export function tokensOf(json: Json | undefined): number | null {
  const count = json instanceof Numeral ? countOf(json) : undefined
  return count !== undefined && count > 0 && count <= 1_000_000_000 ? count : null
}

/** A text of a member; undefined where there is none. */
export const textOf = (json: Json | undefined): string | undefined =>
  typeof json === 'string' ? json : undefined
