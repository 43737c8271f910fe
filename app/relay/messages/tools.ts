import { limits } from '../../config/limits.ts'
import { sellsSearches, type Offer } from '../../catalog/catalog.server.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Allowed } from '../endpoint.ts'
import { isObject, type Body } from '../openai/json-request.ts'
import { typeOfTool } from '../openai/members.ts'

const { searchesMax } = limits.endpoints.messages

/** Tools that the client runs, by their types: its own, and Anthropic's with a date. */
const clients =
  /^(?:custom|(?:bash|text_editor|computer|memory)_\d{8}|(?:browser|computer)_toolset_\d{8})$/
const search = /^web_search_\d{8}$/

/** How often a tool may search: it must say so, or nothing would bound it. */
function usesOf({ max_uses: uses }: Record<string, unknown>, place: string): number {
  const isWhole = Number.isInteger(uses) && (uses as number) >= 1
  if (isWhole && (uses as number) <= searchesMax) return uses as number
  throw badRequest(
    `${place}.max_uses: must be a whole number from 1 to ${searchesMax}, because each search is paid for.`,
    `${place}.max_uses`,
  )
}

type ServerTools = {
  /** How often they may search. */
  searches: number
  /** Of the offers those that have a price for that. */
  offers: readonly Offer[]
}

/**
 * What tools that the upstream runs may cost: searches, where they have a price and a bound. All
 * others are refused, because they read pages and run programs that nobody here reckons with.
 */
export function readTools(body: Body, offers: readonly Offer[], allowed: Allowed): ServerTools {
  const tools: unknown[] = Array.isArray(body.tools) ? body.tools : []
  if (body.tools !== undefined && body.tools !== null && !Array.isArray(body.tools))
    throw badRequest('tools: Input should be a valid list', 'tools')
  let searches = 0
  const selling = offers.filter(sellsSearches)
  for (const [at, tool] of tools.entries()) {
    if (!isObject(tool)) throw badRequest(`tools.${at}: Input should be an object`, `tools.${at}`)
    const type = typeOfTool(tool) ?? undefined
    if (type === undefined || (typeof type === 'string' && clients.test(type))) continue
    if (typeof type === 'string' && search.test(type) && selling.length > 0) {
      searches += usesOf(tool, `tools.${at}`)
      continue
    }
    if (typeof type === 'string' && allowed.has(`tools.${type}`)) continue
    const shown = JSON.stringify(type).slice(0, 100).replaceAll('"', '')
    throw badRequest(
      `tools.${at}.type: '${shown}' is not available here: the provider runs it, and it has no price.`,
      `tools.${at}.type`,
    )
  }
  return { searches, offers: searches > 0 ? selling : offers }
}
