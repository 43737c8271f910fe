import { isObject } from '../openai/json-request.ts'
import {
  addFile,
  addPicture,
  addSound,
  addUnknown,
  isEmpty,
  mediumName,
  noMedia,
  noteFile,
  type Media,
} from '../openai/media.ts'
import { fold } from '../openai/members.ts'
import type { Unread } from '../text/long-strings.ts'

/** Parts that hold nothing but text, and other parts. */
const textTypes: ReadonlySet<unknown> = new Set([
  'text',
  'input_text',
  'output_text',
  'refusal',
  'thinking',
  'redacted_thinking',
  'reasoning',
  'tool_use',
  'tool_result',
])

/** Names that a message or a part may have without there being anything beside its text. */
const plainNames: ReadonlySet<string> = new Set([
  'role',
  'name',
  'content',
  'tool_calls',
  'tool_call_id',
  'function_call',
  'type',
  'text',
  'refusal',
  'reasoning_content',
])

/** Looks at what else a message or a part has: a medium that stands outside its place has no rule. */
function lookAround(media: Media, holder: Record<string, unknown>, own?: string) {
  noteFile(media, holder)
  for (const name of Object.keys(holder)) {
    if (plainNames.has(name) || name === own) continue
    if (fold(name) === 'content') lookIn(media, holder[name])
    else if (mediumName.test(name) && !isEmpty(holder[name])) addUnknown(media)
  }
}

const within = (holder: unknown, name: string) => (isObject(holder) ? holder[name] : undefined)

function pictureIn({ image_url: image }: Record<string, unknown>) {
  const { url, file_id: id, detail } = isObject(image) ? image : { url: image }
  return { url, id, detail }
}

function lookAtPart(media: Media, part: Record<string, unknown>) {
  const { type } = part
  for (const it of [part, part.file, part.image_url]) noteFile(media, it)
  if (type === 'image_url') {
    addPicture(media, pictureIn(part))
    lookAround(media, part, 'image_url')
  } else if (type === 'input_audio') {
    addSound(media, within(part.input_audio, 'data'))
    lookAround(media, part, 'input_audio')
  } else if (textTypes.has(type)) {
    lookAround(media, part)
    lookIn(media, part.content)
  } else if (type === 'file') {
    addFile(media, within(part.file, 'file_data'))
    lookAround(media, part, 'file')
  } else addUnknown(media)
}

/** The content of a message: text, or a list of parts, or one part. */
function lookIn(media: Media, content: unknown) {
  if (Array.isArray(content)) for (const item of content) lookIn(media, item)
  else if (isObject(content)) lookAtPart(media, content)
}

/** All media in what a call gives the model to read; of `unread` those go that are among them. */
export function findMedia(
  messages: readonly Record<string, unknown>[],
  unread: Map<string, Unread>,
): Media {
  const media = noMedia(unread)
  for (const message of messages) {
    lookIn(media, message.content)
    lookAround(media, message)
  }
  return media
}
