import type { IncomingMessage } from 'node:http'
import { ErrorAnswer } from '../errors.ts'

type Members = Record<string, unknown>

/** A response as it was answered, and what it was an answer to. */
type Stored = {
  response: Members
  items: Members[]
  /** The tokens that a talk has when it goes on from here. */
  tokens: number
}

const storedMax = 10_000

/** The responses that were asked to be stored, the last 10,000 of them. */
export class StoredResponses {
  readonly #stored = new Map<string, Stored>()

  keep(id: string, stored: Stored) {
    this.#stored.set(id, stored)
    for (const first of this.#stored.keys()) {
      if (this.#stored.size <= storedMax) return
      this.#stored.delete(first)
    }
  }

  find(id: string): Stored | undefined {
    return this.#stored.get(id)
  }

  drop(id: string): boolean {
    return this.#stored.delete(id)
  }
}

/** The refusal of an id that nobody knows. */
const noSuchResponse = (id: string) => new ErrorAnswer(404, `Response with id '${id}' not found.`)

const path = /^\/v1\/responses\/(resp_[\w-]+)(\/input_items|\/cancel)?$/

/** What is asked of a stored response: its body, a refusal, or undefined where nothing of it is. */
export function askedOfStored(
  { method, url = '' }: IncomingMessage,
  stored: StoredResponses,
): Members | ErrorAnswer | undefined {
  const [, id = '', more] = path.exec(url.split('?')[0] ?? '') ?? []
  if (id === '') return undefined
  const found = stored.find(id)
  if (!found) return noSuchResponse(id)
  if (method === 'POST' && more === '/cancel')
    return new ErrorAnswer(400, 'Cannot cancel a synchronous response.')
  if (method === 'GET' && more === '/input_items') return listOf(found.items)
  if (method === 'GET' && more === undefined) return found.response
  if (method !== 'DELETE' || more !== undefined) return undefined
  stored.drop(id)
  return { id, object: 'response', deleted: true }
}

function listOf(items: readonly Members[]): Members {
  const data = items.map((item, at) => ({ id: `item_demo_${at}`, ...item }))
  const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null]
  return { object: 'list', data, first_id, last_id, has_more: false }
}
