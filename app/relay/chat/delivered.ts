import { limits } from '../../config/limits.ts'
import type { Delivery } from '../endpoint.ts'

const { perImageDelivered, audioCharsPerToken, embeddedCharsMin } = limits.tokens
const { depthMax } = limits.http.json

/** Members that say in which form something is delivered, and not what: nobody is charged for them. */
const formal = new Set([
  'role',
  'id',
  'type',
  'index',
  'object',
  'format',
  'status',
  'detail',
  'call_id',
  'tool_call_id',
  'mime_type',
  'mimeType',
  'media_type',
  'signature',
  'thought_signature',
])
/** Members in which media stands, as text or by its address. */
const carriers = new Set(['url', 'uri', 'data', 'b64_json', 'image_url', 'file_data', 'bytes'])

type Media = 'picture' | 'sound'
type Tally = {
  text: string
  mediaTokens: number
  isSomething: boolean
  /** Also what is neither text nor media says something, where it is in the content. */
  hasAnyForm: boolean
}

const mediaOf = (word: unknown): Media | undefined => {
  if (typeof word !== 'string') return undefined
  if (/image|picture|video/i.test(word)) return 'picture'
  return /audio/i.test(word) ? 'sound' : undefined
}

const tokensOf = (media: Media, chars: number) =>
  media === 'picture' ? perImageDelivered : Math.ceil(chars / audioCharsPerToken)

const embedded = new RegExp(
  `data:((?:image|audio|video)/[\\w.+-]+);base64,[\\w+/=-]{${embeddedCharsMin},}`,
  'g',
)

/** Text as it stands; a picture that is written into it (Markdown) counts as a picture. */
function addText(text: string, tally: Tally) {
  tally.text += !text.includes(';base64,')
    ? text
    : text.replace(embedded, (url, type: string) => {
        tally.mediaTokens += tokensOf(mediaOf(type) ?? 'picture', url.length)
        return ''
      })
}

function add(value: string, name: string, media: Media | undefined, tally: Tally) {
  if (value === '') return
  tally.isSomething = true
  if (!carriers.has(name)) return addText(value, tally)
  const found = media ?? (value.startsWith('data:') ? mediaOf(value.slice(5, 40)) : undefined)
  if (found ?? name === 'b64_json') tally.mediaTokens += tokensOf(found ?? 'picture', value.length)
  else addText(value, tally)
}

/** Every string in a value, of whatever form; what it stands in says whether it is media. */
function walk(value: unknown, name: string, media: Media | undefined, tally: Tally, depth = 0) {
  if (typeof value === 'string') return add(value, name, media, tally)
  if (typeof value !== 'object' || value === null) {
    if (tally.hasAnyForm && (typeof value === 'number' || value === true)) tally.isSomething = true
    return
  }
  // Nobody speaks that deep; whoever does has said something.
  if (depth > depthMax) return void (tally.isSomething = true)
  if (Array.isArray(value)) {
    for (const item of value) walk(item, name, media, tally, depth + 1)
    return
  }
  const members = value as Record<string, unknown>
  const own =
    mediaOf(members.type) ??
    mediaOf(members.mime_type ?? members.mimeType ?? members.media_type) ??
    media
  for (const member in members) {
    if (formal.has(member)) continue
    walk(members[member], member, mediaOf(member) ?? own, tally, depth + 1)
  }
}

/**
 * All that a delta or a message says. Some providers say the same in two members (`reasoning` and
 * `reasoning_content`, or `reasoning_details`); that counts once, the content always.
 */
function tallyOf(said: Record<string, unknown>): Tally {
  const tally: Tally = { text: '', mediaTokens: 0, isSomething: false, hasAnyForm: false }
  let before: string[] | undefined
  for (const name in said) {
    const member = said[name]
    if (member === null || member === '' || formal.has(name)) continue
    tally.hasAnyForm = name === 'content'
    const from = tally.text.length
    walk(member, name, mediaOf(name), tally)
    if (name === 'content') continue
    const text = tally.text.slice(from)
    if (before?.includes(text)) tally.text = tally.text.slice(0, from)
    else if (text) (before ??= []).push(text)
  }
  return tally
}

type Choice = Record<'index' | 'delta' | 'message' | 'text' | 'finish_reason', unknown>

function deliveryOf({ index, delta, message, text, finish_reason: reason }: Choice): Delivery {
  const said = delta ?? message ?? text
  const whole = typeof said === 'object' && said !== null && !Array.isArray(said)
  const tally = tallyOf(whole ? (said as Record<string, unknown>) : { content: said })
  return {
    index: typeof index === 'number' ? index : 0,
    text: tally.text,
    mediaTokens: tally.mediaTokens,
    isSomething: tally.isSomething,
    isLast: typeof reason === 'string' && reason !== '' && reason !== 'error',
  }
}

/** What a completion, or one chunk of it, delivers to each of its choices. */
export function deliveredBy(completion: unknown): Delivery[] {
  const choices = (completion as { choices?: unknown } | null | undefined)?.choices
  if (!Array.isArray(choices)) return []
  return (choices as (Choice | null)[])
    .filter((choice) => typeof choice === 'object' && choice !== null)
    .map(deliveryOf)
}
