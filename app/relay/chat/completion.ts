import { limits } from '../../config/limits.ts'
import type { Reasoning, Said } from '../endpoint.ts'
import { scanAnswer, usageWithin, valueIn } from '../openai/answer-members.ts'
import { reportedIn } from '../openai/reported-usage.ts'
import { deliveredBy } from './delivered.ts'

type Completion = Record<
  'usage' | 'x_groq' | 'service_tier' | 'model' | 'choices' | 'error',
  unknown
>

// It passes over a byte order mark, as the clients' own readers do.
const utf8 = new TextDecoder()

/** Its choices are asked for where nothing else says what it has cost. */
function saidBy(completion: Partial<Completion>, choices: () => unknown, how: Reasoning): Said {
  const { service_tier: tier, model } = completion
  const own = reportedIn({ ...completion, choices: undefined }, undefined, how)
  const isTold = own !== undefined && 'usage' in own
  return {
    reported: isTold ? own : reportedIn({ ...completion, choices: choices() }, undefined, how),
    serviceTier: typeof tier === 'string' ? tier : null,
    model: typeof model === 'string' ? model : null,
    delivered: () => deliveredBy({ choices: choices() }),
  }
}

/**
 * A 200 that is no completion, or one without any choice, is the upstream's failure, whatever it says.
 */
export function readCompletion(bytes: Buffer, how: Reasoning): Said | undefined {
  if (bytes.length > limits.answers.parsedBytesMax) return readLong(bytes, how)
  const completion = valueIn(bytes) as Completion | null | undefined
  if (!completion || completion.error || !Array.isArray(completion.choices)) return undefined
  if (completion.choices.length === 0) return undefined
  return saidBy(completion, () => completion.choices, how)
}

const openBracket = 0x5b
const closeBracket = 0x5d

/**
 * The same of a long one, of which only small members are made into values: its choices are looked
 * into where they alone can say what the answer has cost.
 */
function readLong(bytes: Buffer, how: Reasoning): Said | undefined {
  const scan = scanAnswer(bytes)
  if (!scan) return undefined
  const valueOf = (name: string) => {
    const member = scan.members.get(name)
    return member && valueIn(bytes.subarray(member.valueFrom, member.to))
  }
  const choices = scan.members.get('choices')
  if (!choices || !isFilledArray(bytes, choices.valueFrom) || valueOf('error')) return undefined
  const completion = {
    usage: valueOf('usage'),
    x_groq: valueOf('x_groq'),
    service_tier: valueOf('service_tier'),
    model: valueOf('model'),
  }
  return saidBy(completion, () => valueOf('choices'), how)
}

const blanks: ReadonlySet<number | undefined> = new Set([0x20, 0x0a, 0x0d, 0x09])
function afterBlanks(bytes: Buffer, from: number): number {
  let at = from
  while (blanks.has(bytes[at])) at++
  return at
}

function isFilledArray(bytes: Buffer, from: number): boolean {
  const at = afterBlanks(bytes, from)
  return bytes[at] === openBracket && bytes[afterBlanks(bytes, at + 1)] !== closeBracket
}

const spoken =
  /"(?:content|text|thinking|reasoning|reasoning_content|refusal|arguments)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)/g

/** What can be read of a completion that broke off, or that is no JSON. */
export function readBroken(bytes: Buffer, how: Reasoning): Pick<Said, 'reported' | 'delivered'> {
  const text = utf8.decode(bytes)
  return {
    reported: reportedIn({ usage: usageWithin(text) }, undefined, how),
    delivered() {
      const content = [...text.matchAll(spoken)].map(([, words = '']) => words).join('')
      return deliveredBy({ choices: [{ message: { content } }] })
    },
  }
}
