import type { OtherUnits } from '../../values/units.ts'
import type { Reported } from '../endpoint.ts'
import { isCount } from '../text/tokens.ts'

type Members = Record<string, unknown>
const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The `usage` of a later event of a stream over that of the earlier ones. Each says all that it knows
 * so far, so nothing is added: the last figure of a member counts, and null says nothing of it.
 */
export function laterUsage(before: unknown, next: unknown): unknown {
  return later(before, next, partsDeep)
}

/** Figures have parts, and those have none. */
const partsDeep = 2

function later(before: unknown, next: unknown, deep: number): unknown {
  if (!isMembers(next) || deep === 0) return next ?? before
  const merged: Members = isMembers(before) ? { ...before } : {}
  for (const name of Object.keys(next)) {
    // No figure; to set it would be to say where all others are looked for.
    if (name === '__proto__') continue
    const had = Object.hasOwn(merged, name) ? merged[name] : undefined
    merged[name] = later(had, next[name], deep - 1)
  }
  return merged
}

/** Figures as they are read, and whether one of them was none. */
class Figures {
  isOdd = false
  isAbsurd = false

  /** Absent or null is 0; nonsense makes all of it nonsense. */
  whole(value: unknown): number {
    if (value === undefined || value === null) return 0
    if (isCount(value)) return value
    this.isAbsurd = true
    return 0
  }

  /** A part of something: nonsense is 0, more than its whole is its whole. */
  part(value: unknown, whole: number): number {
    if (value === undefined || value === null) return 0
    if (isCount(value) && value <= whole) return value
    this.isOdd = true
    return isCount(value) ? whole : 0
  }
}

const within = (holder: unknown, name: string) => (isMembers(holder) ? holder[name] : undefined)

/** One `usage`, or one turn of a call that took several, in the normal form. */
function readTurn(usage: Members, figures: Figures) {
  const cachedTokens = figures.whole(usage.cache_read_input_tokens)
  const byTtl = usage.cache_creation
  const hourly = figures.whole(within(byTtl, 'ephemeral_1h_input_tokens'))
  const shortly = figures.whole(within(byTtl, 'ephemeral_5m_input_tokens'))
  // Some say how much was written by how long it stays, and not how much in all.
  const said = figures.whole(usage.cache_creation_input_tokens)
  const cacheWriteTokens = Math.max(said, hourly + shortly)
  if (said !== cacheWriteTokens && said > 0) figures.isOdd = true
  const outputTokens = figures.whole(usage.output_tokens)
  return {
    inputTokens: figures.whole(usage.input_tokens) + cachedTokens + cacheWriteTokens,
    cachedTokens,
    cacheWriteTokens,
    cacheWrite1h: hourly,
    outputTokens,
    reasoningTokens: figures.part(
      within(usage.output_tokens_details, 'thinking_tokens'),
      outputTokens,
    ),
  }
}

/**
 * Reads a `usage` object of Anthropic's form, in which input, cached and written tokens stand
 * beside each other, and thoughts are part of the output. The turns in which a long talk was
 * compacted are not part of its figures, and are added. An explicit 0 is a value. Answers undefined
 * for what is no usage object.
 */
export function readMessagesUsage(value: unknown): Reported | undefined {
  if (value === undefined || value === null) return undefined
  if (!isMembers(value)) return { absurd: true }
  if (value.input_tokens === undefined || value.output_tokens === undefined) return undefined
  const figures = new Figures()
  const sum = readTurn(value, figures)
  // What is null where a figure must be is no figure.
  figures.isAbsurd ||= value.input_tokens === null || value.output_tokens === null
  const turns: unknown[] = Array.isArray(value.iterations) ? value.iterations : []
  for (const turn of turns) {
    if (!isMembers(turn) || turn.type !== 'compaction') continue
    const more = readTurn(turn, figures)
    for (const name of Object.keys(more) as (keyof typeof more)[]) sum[name] += more[name]
  }
  const searches = figures.whole(within(value.server_tool_use, 'web_search_requests'))
  const { cacheWrite1h, ...tokens } = sum
  if (figures.isAbsurd || !Object.values(tokens).every(isCount)) return { absurd: true }
  const more: OtherUnits = {
    ...(cacheWrite1h > 0 && { cacheWrite1h }),
    ...(searches > 0 && { searches }),
  }
  return {
    usage: {
      ...tokens,
      ...(Object.keys(more).length > 0 && { more }),
      source: 'upstream',
      flag: figures.isOdd ? 'clamped' : null,
    },
  }
}
