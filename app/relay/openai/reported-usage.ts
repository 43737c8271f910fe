import { limits } from '../../config/limits.ts'
import type { Usage } from '../../ledger/ledger.server.ts'
import type { OtherUnits } from '../../values/units.ts'
import type { Reasoning, Reported } from '../endpoint.ts'
import { isCount } from '../text/tokens.ts'

type Details = Record<string, unknown> | null | undefined

type Part = { tokens: number; odd: boolean }

/** A figure of the details: absent is 0, nonsense is 0, more than its whole is its whole. */
function partOf(whole: number, values: unknown[]): Part {
  const given = values.find((value) => value !== undefined && value !== null)
  if (given === undefined) return { tokens: 0, odd: false }
  if (!isCount(given)) return { tokens: 0, odd: true }
  return given > whole ? { tokens: whole, odd: true } : { tokens: given, odd: false }
}

/**
 * The output by the sum: OpenAI's parts add up, and where they come to less than the stated total,
 * what is missing was generated too and left out (reasoning beside the completion). Never by the
 * provider's name.
 */
function outputOf(input: number, output: number, total: unknown) {
  const isShort = isCount(total) && total > input + output
  return { tokens: isShort ? total - input : output, isShort }
}

/** An upstream that has thoughts beside its figure of the output, or within it, is taken at that. */
function outputAs(
  reasoning: Reasoning,
  { input, completion, thoughts }: Record<'input' | 'completion' | 'thoughts', number>,
  total: unknown,
) {
  if (reasoning === 'inside') return { tokens: completion, isShort: false }
  return outputOf(input, reasoning === 'beside' ? completion + thoughts : completion, total)
}

/**
 * Reads a `usage` object (OpenAI's form: cached and written tokens are part of the prompt,
 * reasoning is part of the completion, unless the upstream has it otherwise). An explicit 0 is a
 * value. Answers undefined for what is no usage object.
 */
export function readUsage(value: unknown, how: Reasoning = 'sum'): Reported | undefined {
  if (typeof value !== 'object' || value === null)
    return value === undefined || value === null ? undefined : { absurd: true }
  const usage = value as Record<string, unknown>
  const { prompt_tokens: input, completion_tokens: completion } = usage
  if (input === undefined || completion === undefined) return undefined
  if (!isCount(input) || !isCount(completion)) return { absurd: true }
  const inputDetails = usage.prompt_tokens_details as Details
  const outputDetails = usage.completion_tokens_details as Details
  const thoughts = [outputDetails?.reasoning_tokens, usage.reasoning_tokens]
  const { tokens: beside } = partOf(limits.tokens.absurd, thoughts)
  const output = outputAs(how, { input, completion, thoughts: beside }, usage.total_tokens)
  if (!isCount(output.tokens)) return { absurd: true }
  const cached = partOf(input, [
    inputDetails?.cached_tokens,
    usage.prompt_cache_hit_tokens,
    usage.cached_tokens,
    usage.cached_prompt_text_tokens,
  ])
  const written = partOf(input - cached.tokens, [
    inputDetails?.cache_write_tokens,
    inputDetails?.cache_creation_tokens,
    usage.cache_creation_input_tokens,
  ])
  const reasoning = partOf(output.tokens, thoughts)
  const others = othersIn(usage, { input, output: output.tokens, cached: cached.tokens })
  const isOdd = cached.odd || written.odd || reasoning.odd || others.odd
  return {
    usage: {
      inputTokens: input,
      cachedTokens: cached.tokens,
      cacheWriteTokens: written.tokens,
      outputTokens: output.tokens,
      reasoningTokens: reasoning.tokens,
      ...(others.more && { more: others.more }),
      source: 'upstream',
      flag: output.isShort ? 'summed' : isOdd ? 'clamped' : null,
    },
  }
}

/** Sound, pictures and searches: parts of the tokens that may have prices of their own. */
function othersIn(
  usage: Record<string, unknown>,
  { input, output, cached }: Record<'input' | 'output' | 'cached', number>,
): { more: OtherUnits | undefined; odd: boolean } {
  const inputDetails = usage.prompt_tokens_details as Details
  const outputDetails = usage.completion_tokens_details as Details
  const { num_search_queries: searches } = usage
  // Almost always there are none, and most upstreams say so with a 0.
  if (!inputDetails && !outputDetails && !searches) return { more: undefined, odd: false }
  const ofCached = inputDetails?.cached_tokens_details as Details
  const parts = {
    inputAudio: partOf(input, [inputDetails?.audio_tokens]),
    cachedInputAudio: partOf(cached, [ofCached?.audio_tokens]),
    inputImage: partOf(input, [inputDetails?.image_tokens]),
    outputAudio: partOf(output, [outputDetails?.audio_tokens]),
    outputImage: partOf(output, [outputDetails?.image_tokens]),
    searches: partOf(limits.tokens.absurd, [searches]),
  }
  let more: OtherUnits | undefined
  let odd = false
  for (const [unit, part] of Object.entries(parts) as [keyof typeof parts, Part][]) {
    odd ||= part.odd
    if (part.tokens > 0) (more ??= {})[unit] = part.tokens
  }
  return { more, odd }
}

type WithUsage = { usage?: unknown; x_groq?: unknown; choices?: unknown }

/** Of several reports the one that can be taken; nonsense only where there is nothing else. */
const betterOf = (a: Reported | undefined, b: Reported | undefined) =>
  !a || (b && 'absurd' in a) ? b : a

/**
 * The figures in a completion or a chunk of one: its own `usage`, or Groq's `x_groq.usage`; or those
 * of each of its choices (Moonshot), which share one prompt and add up with what `before` has of the
 * other choices.
 */
export function reportedIn(
  { usage, x_groq: groq, choices }: WithUsage,
  before: Reported | undefined,
  how: Reasoning = 'sum',
): Reported | undefined {
  const own = readUsage(usage, how)
  if (own && 'usage' in own) return own
  const beside = betterOf(own, readUsage((groq as WithUsage | null | undefined)?.usage, how))
  if (beside && 'usage' in beside) return beside
  return betterOf(ofChoices(choices, before, how), beside)
}

function ofChoices(
  choices: unknown,
  before: Reported | undefined,
  how: Reasoning,
): Reported | undefined {
  if (!Array.isArray(choices)) return undefined
  const byChoice = new Map(before?.byChoice)
  let nonsense: Reported | undefined
  let isNew = false
  for (const [place, choice] of (choices as unknown[]).entries()) {
    const { usage, index = place } = (choice ?? {}) as { usage?: unknown; index?: unknown }
    const reported = readUsage(usage, how)
    if (!reported) continue
    isNew = true
    if ('usage' in reported) byChoice.set(index, reported.usage)
    else nonsense = reported
  }
  if (!isNew || nonsense) return nonsense
  const all = [...byChoice.values()].reduce(besides)
  // Each may be a figure, and their sum none.
  return isCount(all.outputTokens) ? { usage: all, byChoice } : { absurd: true, byChoice }
}

/** Two choices of one call: the prompt once, the output of both. */
const besides = (a: Usage, b: Usage): Usage => ({
  ...(a.inputTokens >= b.inputTokens ? a : b),
  ...moreOf(a, b),
  outputTokens: a.outputTokens + b.outputTokens,
  reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  flag: a.flag ?? b.flag,
})

function moreOf({ more: a }: Usage, { more: b }: Usage): Pick<Usage, 'more'> | undefined {
  if (!a || !b) return a || b ? { more: { ...a, ...b } } : undefined
  const both = { ...a, ...b }
  if (a.outputAudio && b.outputAudio) both.outputAudio = a.outputAudio + b.outputAudio
  if (a.outputImage && b.outputImage) both.outputImage = a.outputImage + b.outputImage
  return { more: both }
}
