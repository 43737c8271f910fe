import { sellsSearches, type PricedModel } from '../catalog/catalog.server.ts'
import type { PageServices } from '../services.ts'
import type { Clients } from '../ui/snippets.ts'
import { clockNow } from '../values/clock.ts'

/** What snippets name where it is on sale: well known and cheap, or made for the work. */
const known = {
  chat: 'gpt-4o-mini',
  responses: 'gpt-5.6-terra',
  messages: 'claude-sonnet-5',
  messagesSmall: 'claude-haiku-4-5',
}

const isCalledAt = (endpoint: string, { served }: PricedModel) =>
  served.some(({ endpoints }) => endpoints.includes(endpoint))

/** What people set their programs up with: where this relay is, and models that it sells now. */
export function clientsOf({ env, catalog }: Pick<PageServices, 'env' | 'catalog'>): Clients {
  const chats = catalog.list(clockNow()).filter(({ kind }) => kind === 'chat')
  const pick = (endpoint: string, name: string, from = chats) => {
    const able = from.filter((model) => isCalledAt(endpoint, model))
    return (able.find((model) => model.name === name) ?? able[0])?.name ?? null
  }
  return {
    address: env.APP_URL,
    models: {
      chat: pick('chat/completions', known.chat),
      // Codex offers to search in each of its calls: a model without a price for that is no use.
      responses: pick('responses', known.responses, chats.filter(sellsSearches)),
      messages: pick('messages', known.messages),
      messagesSmall: pick('messages', known.messagesSmall),
    },
  }
}
