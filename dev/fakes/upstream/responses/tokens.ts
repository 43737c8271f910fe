import { isObject } from '../chat/chat-request.ts'
import { countText } from '../text/tokens.ts'
import type { ResponseRequest } from './request.ts'

type Members = Record<string, unknown>

const imageTokens = 85

/** An input's tokens: 3, its instructions, its tools, and of each item 3, its role and its content. */
export function countInput({ instructions, items, tools, form }: ResponseRequest): number {
  const told = countText(instructions) + (tools.length > 0 ? countText(JSON.stringify(tools)) : 0)
  const schema = form?.schema === undefined ? 0 : countText(JSON.stringify(form.schema))
  return items.reduce((sum, item) => sum + countItem(item), 3 + told + schema)
}

function countItem(item: Members): number {
  if (!isMessage(item)) return 3 + countText(JSON.stringify({ ...item, id: undefined }))
  const role = countText(String(item.role))
  const { content } = item
  if (!Array.isArray(content)) return 3 + role + countText(String(content))
  return content.reduce((sum: number, part: unknown) => sum + countPart(part), 3 + role)
}

function countPart(part: unknown): number {
  if (!isObject(part)) return 0
  if (part.type === 'input_image') return imageTokens
  return typeof part.text === 'string' ? countText(part.text) : 0
}

const isMessage = ({ type = 'message' }: Members) => type === 'message'

/** The text of the last message of the user's. */
export function lastSaid(items: readonly Members[]): string {
  const last = items.findLast((item) => isMessage(item) && item.role === 'user')
  const content = last?.content
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? (content as unknown[]) : []
  return parts
    .map((part) => (isObject(part) && typeof part.text === 'string' ? part.text : ''))
    .join('\n')
}
