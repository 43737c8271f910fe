import type { Delivery } from '../endpoint.ts'
import { isObject } from '../openai/json-request.ts'

/** What a block or a delta says in which form, and what is the input of a tool that was run. */
const formal: ReadonlySet<string> = new Set([
  'type',
  'id',
  'signature',
  'citation',
  'citations',
  'caller',
  'encrypted_content',
  'data',
])

/** Texts of it, an object's in the order in which they stand. */
function textsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textsOf).join('')
  if (!isObject(value)) return ''
  return Object.keys(value)
    .filter((name) => !formal.has(name))
    .map((name) => textsOf(value[name]))
    .join('')
}

/** A block says something although none of it is text: a thought that nobody may read. */
const isUnread = (said: Record<string, unknown>) =>
  typeof said.data === 'string' || typeof said.encrypted_content === 'string'

const isResult = ({ type }: Record<string, unknown>) =>
  typeof type === 'string' && type.endsWith('_tool_result')

const isEmpty = (value: unknown) => isObject(value) && Object.keys(value).length === 0

/** What a block of an answer, or one delta of it, delivers. What a tool has found was said by nobody. */
export function deliveryOf(said: unknown): Delivery {
  const nothing = { index: 0, text: '', mediaTokens: 0, isSomething: false, isLast: false }
  if (!isObject(said) || isResult(said)) return nothing
  const { input, ...rest } = said
  const called = input === undefined || isEmpty(input) ? '' : JSON.stringify(input)
  const text = textsOf(rest) + called
  const isSearch = said.type === 'server_tool_use' && said.name === 'web_search'
  return {
    ...nothing,
    text,
    isSomething: text !== '' || isUnread(said),
    ...(isSearch && { searches: 1 }),
  }
}
