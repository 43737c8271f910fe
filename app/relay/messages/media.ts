import { isObject } from '../openai/json-request.ts'
import { noteFile, type NameOfKept } from '../openai/media.ts'
import { Base64Check } from '../text/base64.ts'
import type { Unread } from '../text/long-strings.ts'

/** What stands in the messages beside text: counted by rule, because its bytes are not tokens. */
export type Media = {
  images: number
  /** How many bytes of the body they are: no more than certainly. */
  dataBytes: number
  /** Something of which nobody here knows how many tokens it is: a hold covers all that can be. */
  unsized: boolean
  /** By which members it names what lies in the operator's account. */
  named: Set<NameOfKept>
  /** Long strings that have not been read, and are none of those. */
  unread: Map<string, Unread>
  /** For a bill without figures, what files hold that are in the body. */
  fileBytes: number
}

/** How many bytes of base64 this is, or -1 where it is something else. Taken out of the unread. */
function takeData({ unread }: Media, data: unknown): number {
  if (typeof data !== 'string') return -1
  const known = unread.get(data)
  if (known) {
    if (!known.isBase64) return -1
    unread.delete(data)
    return known.chars
  }
  const check = new Base64Check()
  return check.add(data) && check.end() ? data.length : -1
}

function addImage(media: Media, source: unknown) {
  const { type, data } = isObject(source) ? source : {}
  media.images += 1
  // By its address or its id: a picture all the same.
  if (type === 'url' || type === 'file') return
  const bytes = type === 'base64' ? takeData(media, data) : -1
  if (bytes >= 0) media.dataBytes += bytes
  else media.unsized = true
}

/** A file is as many tokens as its pages are, which only its upstream counts. */
function addDocument(media: Media, source: unknown) {
  const { type, data, content } = isObject(source) ? source : {}
  if (type === 'text') return
  if (type === 'content') return lookIn(media, content)
  media.unsized = true
  const bytes = type === 'base64' ? takeData(media, data) : -1
  if (bytes < 0) return
  media.dataBytes += bytes
  media.fileBytes += Math.ceil((bytes / 4) * 3)
}

/** Blocks that hold nothing but text, as it stands in the body. */
const textTypes: ReadonlySet<unknown> = new Set([
  undefined,
  'text',
  'thinking',
  'redacted_thinking',
  'tool_use',
  'server_tool_use',
  'search_result',
  'compaction',
  'tool_reference',
  'mcp_tool_use',
  'fallback',
])

function lookAtBlock(media: Media, block: Record<string, unknown>) {
  const { type } = block
  noteFile(media, block)
  noteFile(media, block.source)
  if (type === 'image') addImage(media, block.source)
  else if (type === 'document') addDocument(media, block.source)
  else if (type === 'tool_result') lookIn(media, block.content)
  else if (textTypes.has(type)) return
  // What a server tool has found is said back as it came, and read as it stands.
  else if (typeof type === 'string' && /_tool_result$/.test(type)) lookIn(media, block.content)
  else if (typeof type !== 'string' || /container_upload|image|audio|video|file/.test(type))
    media.unsized = true
}

/** The content of a message: text, or a list of blocks. */
function lookIn(media: Media, content: unknown) {
  if (Array.isArray(content)) for (const item of content) lookIn(media, item)
  else if (isObject(content)) lookAtBlock(media, content)
}

/** All media in what a call gives the model to read; of `unread` those go that are among them. */
export function findMedia(
  messages: readonly Record<string, unknown>[],
  system: unknown,
  unread: Map<string, Unread>,
): Media {
  const media: Media = {
    images: 0,
    dataBytes: 0,
    unsized: false,
    named: new Set(),
    unread,
    fileBytes: 0,
  }
  lookIn(media, system)
  for (const { content } of messages) lookIn(media, content)
  return media
}
