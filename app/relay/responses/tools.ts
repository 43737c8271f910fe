import { sellsSearches, type Offer } from '../../catalog/catalog.server.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Allowed } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { typeOfTool, valueWithin } from '../openai/members.ts'

/** Tools that the client runs itself, or that only group and name others. */
const clientTools: ReadonlySet<unknown> = new Set([
  'function',
  'custom',
  'namespace',
  'tool_search',
  'local_shell',
  'apply_patch',
  'computer',
  'computer_use_preview',
])
const searchTools: ReadonlySet<unknown> = new Set(['web_search', 'web_search_2025_08_26'])

type Found = { tool: Record<string, unknown>; at: string }

/** Tools wherever a request has some: at its top, in items of its input, in groups of tools. */
export function* toolsIn(value: unknown, at: string, depth = 0): Generator<Found> {
  const tools: unknown[] = Array.isArray(value) ? value : [value]
  for (const [i, tool] of tools.entries()) {
    if (!isObject(tool)) continue
    const here = `${at}[${i}]`
    yield { tool, at: here }
    // Nobody groups groups of groups.
    if (depth < 3 && tool.tools !== undefined)
      yield* toolsIn(tool.tools, `${here}.tools`, depth + 1)
    else if (tool.tools !== undefined) throw badRequest('Tools are grouped too deeply.', here)
  }
}

/** A shell is the client's where it says so; else the upstream keeps a machine for it. */
const isOwnShell = (tool: Record<string, unknown>, type: unknown) =>
  type === 'shell' && valueWithin(valueWithin(tool, 'environment'), 'type') === 'local'

/**
 * The offers that have a price for what these tools cost, and whether one of them searches. Tools
 * that the upstream runs cost by the use, and have the model read what nobody has counted; of those
 * only web searches are sold, where they have a price. Throws `Refused`.
 */
export function readTools(
  found: Iterable<Found>,
  { model, offers, allowed }: { model: string; offers: readonly Offer[]; allowed: Allowed },
): { offers: readonly Offer[]; searches: boolean } {
  let searches = false
  for (const { tool, at } of found) {
    const type = typeOfTool(tool)
    if (type === undefined || clientTools.has(type) || isOwnShell(tool, type)) continue
    if (searchTools.has(type) && offers.some(sellsSearches)) {
      searches = true
      continue
    }
    if (typeof type === 'string' && allowed.has(`tools.${type}`)) {
      searches ||= searchTools.has(type)
      continue
    }
    const shown = JSON.stringify(type).slice(0, 100).replaceAll('"', '')
    const why = searchTools.has(type)
      ? `Searches have no price here for ${model}: turn '${shown}' off.`
      : `The tool '${shown}' is run by the provider and is not available here.`
    throw badRequest(why, `${at}.type`)
  }
  const priced = searches ? offers.filter(sellsSearches) : offers
  return { offers: priced.length > 0 ? priced : offers, searches }
}
