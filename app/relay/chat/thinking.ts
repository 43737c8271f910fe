import type { PricedModel } from '../../catalog/catalog.server.ts'
import { badRequest } from '../../errors/refusal.ts'
import { isObject, type Body } from '../openai/json-request.ts'

/** What a switch says: nothing, or that the model is to think, for so many tokens if it says. */
type Wish = { isOn: boolean; budget?: unknown }

const off: Wish = { isOn: false }
const only = (value: Body, names: readonly string[]) =>
  Object.keys(value).every((name) => names.includes(name))
const isAbsent = (value: unknown) => value === undefined || value === null
const isEffort = (value: unknown) => isAbsent(value) || typeof value === 'string'
const isSwitch = (value: unknown) => isAbsent(value) || typeof value === 'boolean'

/** DeepSeek, Zhipu, Moonshot, Anthropic: `{"type":"enabled","budget_tokens":…}`. */
function ofThinking(value: Body): Wish | undefined {
  const { type, budget_tokens: budget } = value
  if (!only(value, ['type', 'budget_tokens', 'clear_thinking', 'display'])) return undefined
  if (type === 'disabled') return off
  return ['enabled', 'adaptive', 'auto'].includes(String(type)) ? { isOn: true, budget } : undefined
}

/** OpenRouter: `{"effort":"low"}`, or `{"max_tokens":…}`; the second is part of the answer's limit. */
function ofReasoning(value: Body): Wish | undefined {
  const { enabled, effort, exclude, max_tokens: budget } = value
  if (!only(value, ['enabled', 'effort', 'exclude', 'max_tokens', 'summary'])) return undefined
  if (!isSwitch(enabled) || !isEffort(effort) || !isSwitch(exclude)) return undefined
  if (enabled === false || effort === 'none') return off
  return { isOn: enabled === true || !isAbsent(effort) || !isAbsent(budget), budget }
}

/** vLLM and SGLang, whose templates may take anything; these words write no text of their own. */
function ofTemplate(value: Body): Wish | undefined {
  const { enable_thinking: enabled, thinking, reasoning_effort: effort } = value
  if (!only(value, ['enable_thinking', 'thinking', 'reasoning_effort'])) return undefined
  if (!isSwitch(enabled) || !isSwitch(thinking) || !isEffort(effort)) return undefined
  return { isOn: enabled === true || thinking === true || !isAbsent(effort) }
}

const switches = {
  thinking: ofThinking,
  reasoning: ofReasoning,
  chat_template_kwargs: ofTemplate,
}

type Limits = { model: PricedModel; outputTokensWanted: number | null }

/**
 * Refuses what would have a model think beyond what is held for (docs/decisions/0027). Thoughts
 * are part of the limit of the answer where these switches are known; so a model that is known to
 * reason may be told to, for fewer tokens than that limit. Of another one nobody would know what it
 * has thought when its client leaves.
 */
export function refuseUnheldThought(
  body: Body,
  { model, outputTokensWanted }: Limits,
  allowed: ReadonlySet<string>,
) {
  for (const [name, read] of Object.entries(switches)) {
    const value = body[name]
    if (isAbsent(value) || allowed.has(name)) continue
    const wish = isObject(value) ? read(value) : undefined
    if (!wish) throw badRequest(`'${name}' says something that is not available here.`, name)
    if (!wish.isOn) continue
    if (!model.reasoning)
      throw badRequest(`'${name}' is not available for ${model.name}, which does not reason.`, name)
    const most = Math.min(outputTokensWanted ?? Infinity, model.outputTokensMax)
    if (isAbsent(wish.budget) || isBelow(wish.budget, most)) continue
    throw badRequest(`'${name}' must leave room in the ${most} tokens of the answer.`, name)
  }
}

const isBelow = (tokens: unknown, most: number) =>
  Number.isInteger(tokens) && (tokens as number) >= 0 && (tokens as number) < most
