import type { PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Allowed } from '../endpoint.ts'
import { isObject, type Body, type ParsedBody } from '../openai/json-request.ts'
import { scanObject } from '../text/json-members.ts'

/** What a switch says: nothing, or that the model is to think, for so many tokens if it says. */
type Wish = { isOn: boolean; budget?: unknown }

const only = (value: Body, names: readonly string[]) =>
  Object.keys(value).every((name) => names.includes(name))
const isAbsent = (value: unknown) => value === undefined || value === null
const isEffort = (value: unknown) => isAbsent(value) || typeof value === 'string'
const isSwitch = (value: unknown) => isAbsent(value) || typeof value === 'boolean'
const asksFor = (effort: unknown) => !isAbsent(effort) && effort !== 'none'
const hasTokens = (budget: unknown) => !isAbsent(budget) && budget !== 0
const onWords: readonly unknown[] = ['enabled', 'adaptive', 'auto']

/*
 * Where one word says no and another yes, which of them counts is the provider's to say; so a no
 * is one only where nothing beside it says yes.
 */

/** DeepSeek, Zhipu, Moonshot, Anthropic: `{"type":"enabled","budget_tokens":…}`. */
function ofThinking(value: Body): Wish | undefined {
  const { type, budget_tokens: budget } = value
  if (!only(value, ['type', 'budget_tokens', 'clear_thinking', 'display'])) return undefined
  if (type === 'disabled') return { isOn: hasTokens(budget), budget }
  return onWords.includes(type) ? { isOn: true, budget } : undefined
}

/**
 * OpenRouter: `{"effort":"low"}`, or `{"max_tokens":…}`; the second is part of the answer's limit.
 * Empty, or to leave thoughts out of the answer, says that there may be some.
 */
function ofReasoning(value: Body): Wish | undefined {
  const { enabled, effort, exclude, max_tokens: budget } = value
  if (!only(value, ['enabled', 'effort', 'exclude', 'max_tokens', 'summary'])) return undefined
  if (!isSwitch(enabled) || !isEffort(effort) || !isSwitch(exclude)) return undefined
  const saysYes = enabled === true || asksFor(effort) || hasTokens(budget)
  const saysNo = enabled === false || effort === 'none'
  return { isOn: saysYes || !saysNo, budget }
}

/** vLLM and SGLang, whose templates may take anything; these words write no text of their own. */
function ofTemplate(value: Body): Wish | undefined {
  const { enable_thinking: enabled, thinking, reasoning_effort: effort } = value
  if (!only(value, ['enable_thinking', 'thinking', 'reasoning_effort'])) return undefined
  if (!isSwitch(enabled) || !isSwitch(thinking) || !isEffort(effort)) return undefined
  return { isOn: enabled === true || thinking === true || asksFor(effort) }
}

const switches = {
  thinking: ofThinking,
  reasoning: ofReasoning,
  chat_template_kwargs: ofTemplate,
}

const isSaid = (value: unknown) => !isAbsent(value)

/**
 * Members of one word that ask for thoughts, or say in which form they come, as only those do who
 * expect some. The last two are read only where the operator lets them through.
 */
const words: Record<string, (value: unknown) => boolean> = {
  reasoning_effort: asksFor,
  include_reasoning: isSaid,
  reasoning_format: isSaid,
  reasoning_split: isSaid,
  separate_reasoning: isSaid,
  stream_reasoning: isSaid,
  enable_thinking: (value) => isSaid(value) && value !== false,
  thinking_budget: hasTokens,
}

// Put together once, not for every call.
const allWords = Object.entries(words)
const allSwitches = Object.entries(switches)

type Limits = { model: PricedModel; outputTokensWanted: number | null }

/** No member of it stands twice, or a parser that takes the first would read something else. */
function isReadInOneWay({ raw, scan }: ParsedBody, name: string): boolean {
  const member = scan.members.get(name)
  if (!member) return true
  return scanObject(raw.subarray(member.valueFrom, member.to), limits.http.json).duplicate === null
}

/**
 * Whether a model may think in this call, by the catalogue or because it is asked to: then only the
 * usage at the end says what it has cost (docs/decisions/0017). Refuses what would have it think
 * beyond what is held for (docs/decisions/0027): thoughts are part of the limit of the answer where
 * these switches are known, so any model may be told to, for fewer tokens than that limit.
 */
export function readThought(
  parsed: ParsedBody,
  { model, outputTokensWanted }: Limits,
  allowed: Allowed,
): boolean {
  const { body } = parsed
  let mayThink = Boolean(model.reasoning) || allWords.some(([name, asks]) => asks(body[name]))
  const most = Math.min(outputTokensWanted ?? Infinity, model.outputTokensMax)
  for (const [name, read] of allSwitches) {
    const value = body[name]
    if (isAbsent(value)) continue
    const isRead = isObject(value) && isReadInOneWay(parsed, name)
    const wish = isRead ? read(value) : undefined
    mayThink ||= wish?.isOn ?? true
    if (wish && (!wish.isOn || isAbsent(wish.budget) || isBelow(wish.budget, most))) continue
    if (allowed.has(name)) continue
    if (!wish) throw badRequest(`'${name}' says something that is not available here.`, name)
    throw badRequest(`'${name}' must leave room in the ${most} tokens of the answer.`, name)
  }
  return mayThink
}

/** The smallest limit that leaves room for an answer beside the thoughts that are asked for. */
export function leastBeside(body: Body): number {
  const budgets = [
    isObject(body.thinking) ? body.thinking.budget_tokens : 0,
    isObject(body.reasoning) ? body.reasoning.max_tokens : 0,
  ]
  return 1 + Math.max(0, ...budgets.filter((it): it is number => Number.isInteger(it)))
}

const isBelow = (tokens: unknown, most: number) =>
  Number.isInteger(tokens) && (tokens as number) >= 0 && (tokens as number) < most
