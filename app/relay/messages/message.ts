import { readMessagesUsage } from '../anthropic/reported-usage.ts'
import type { Said } from '../endpoint.ts'
import { topOf, usageWithin } from '../openai/answer-members.ts'
import { isObject } from '../openai/json-request.ts'
import { deliveryOf } from './delivered.ts'

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

/** The tier that a usage says it was served at. */
export function tierIn(usage: unknown): string | null {
  const tier = isObject(usage) ? usage.service_tier : undefined
  return typeof tier === 'string' && tier !== '' ? tier : null
}

/** A 200 that is no message is the upstream's failure, whatever it says. */
export function readAnswer(bytes: Buffer): Said | undefined {
  const top = topOf(bytes)
  if (top?.('type') !== 'message' || !top.isList('content')) return undefined
  const usage = top('usage')
  const model = top('model')
  return {
    reported: readMessagesUsage(usage),
    serviceTier: tierIn(usage),
    model: typeof model === 'string' ? model : null,
    delivered() {
      const content = top('content')
      return Array.isArray(content) ? content.map(deliveryOf) : []
    },
  }
}

const spoken = /"(?:text|thinking|partial_json)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)/g

/** What can be read of a message that broke off, or that is no JSON. */
export function readBroken(bytes: Buffer): Pick<Said, 'reported' | 'delivered'> {
  const text = utf8.decode(bytes)
  return {
    reported: readMessagesUsage(usageWithin(text)),
    delivered: () => [
      deliveryOf({ text: [...text.matchAll(spoken)].map(([, words = '']) => words).join('') }),
    ],
  }
}
