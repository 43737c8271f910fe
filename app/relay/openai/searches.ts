import { limits } from '../../config/limits.ts'
import { baseOf } from '../text/tokens.ts'
import { isObject, type Body } from './json-request.ts'

/** Of these none searches unless a member or a tool has it search, but for those made for it. */
const whenTold = /^(?:gpt-|chatgpt-|codex-|o[1-9]|claude-)/
const madeForIt = /search|deep-research/

/** Members that have a model search, where an operator lets them through. */
const tellingNames = [
  'web_search_options',
  'search_parameters',
  'search_options',
  'enable_search',
  'web_search',
  'plugins',
  'extra_body',
]
const clientTools: ReadonlySet<unknown> = new Set([undefined, 'function', 'custom'])

const isTold = (body: Body) =>
  tellingNames.some((name) => (body[name] ?? null) !== null) ||
  [body.tools].flat().some((tool) => isObject(tool) && !clientTools.has(tool.type))

/**
 * How many searches the hold of a call covers, where nothing bounds them and they have a price:
 * none of a model that is known to search only when it is told to, and is not told.
 */
export function searchesHeld(model: string, body: Body): number {
  const name = baseOf(model)
  const mayUnasked = !whenTold.test(name) || madeForIt.test(name)
  return mayUnasked || isTold(body) ? limits.prices.searchesHeld : 0
}
