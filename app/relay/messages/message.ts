import { limits } from '../../config/limits.ts'
import { readMessagesUsage } from '../anthropic/reported-usage.ts'
import type { Said } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'
import { scanObject } from '../text/json-members.ts'
import { deliveryOf } from './delivered.ts'

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes))
  } catch {
    // Half an answer, or none.
    return undefined
  }
}

type Members = { valueOf(name: string): unknown; isList(name: string): boolean }

function membersOf(bytes: Buffer): Members | undefined {
  if (bytes.length > limits.answers.parsedBytesMax) return membersOfLong(bytes)
  const value = parsed(bytes)
  if (!isObject(value)) return undefined
  return { valueOf: (name) => value[name], isList: (name) => Array.isArray(value[name]) }
}

const anything = { depthMax: limits.http.json.depthMax, valuesMax: Infinity, itemsMax: Infinity }

/** Of a long one only small members are made into values; its content where that alone can tell. */
function membersOfLong(bytes: Buffer): Members | undefined {
  const { members, closeAt, tooDeep } = scanObject(bytes, anything)
  const rest = bytes.subarray(closeAt + 1, closeAt + 1 + limits.stream.bufferBytesMax)
  const isWhole = closeAt >= 0 && !tooDeep && rest.toString('latin1').trim() === ''
  if (!isWhole || !/^(?:\xef\xbb\xbf)?\s*\{/.test(bytes.toString('latin1', 0, 16))) return undefined
  const bytesOf = (name: string) => {
    const member = members.get(name)
    return member ? bytes.subarray(member.valueFrom, member.to) : Buffer.of()
  }
  return {
    valueOf: (name) => parsed(bytesOf(name)),
    isList: (name) => /^\s*\[/.test(bytesOf(name).toString('latin1', 0, 16)),
  }
}

/** The tier that a usage says it was served at. */
export function tierIn(usage: unknown): string | null {
  const tier = isObject(usage) ? usage.service_tier : undefined
  return typeof tier === 'string' && tier !== '' ? tier : null
}

/** A 200 that is no message is the upstream's failure, whatever it says. */
export function readAnswer(bytes: Buffer): Said | undefined {
  const members = membersOf(bytes)
  if (members?.valueOf('type') !== 'message' || !members.isList('content')) return undefined
  const usage = members.valueOf('usage')
  const model = members.valueOf('model')
  return {
    reported: readMessagesUsage(usage),
    serviceTier: tierIn(usage),
    model: typeof model === 'string' ? model : null,
    delivered() {
      const content = members.valueOf('content')
      return Array.isArray(content) ? content.map(deliveryOf) : []
    },
  }
}

const spoken = /"(?:text|thinking|partial_json)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)/g
const figures = /"usage"\s*:\s*(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})/

/** What can be read of a message that broke off, or that is no JSON. */
export function readBroken(bytes: Buffer): Pick<Said, 'reported' | 'delivered'> {
  const text = utf8.decode(bytes)
  return {
    reported: readMessagesUsage(parsed(Buffer.from(figures.exec(text)?.[1] ?? ''))),
    delivered: () => [
      deliveryOf({ text: [...text.matchAll(spoken)].map(([, words = '']) => words).join('') }),
    ],
  }
}
