/** What an answer says as it comes: read on the server for a page, and in the browser. */
import type { MessageDescriptor } from '@lingui/core'
import type { CallErrorCode } from '../../values/error-codes.ts'
import type { Outcome } from '../../values/outcomes.ts'

/** Words of ours, or those of the API, which are English. */
export type Words = MessageDescriptor | string

/** A call that was let in. */
export type Begun = {
  call: string
  holdNanos: number | null
  /** About what it costs: for its text, and for a million tokens of the answer. */
  pace: { textNanos: number; millionNanos: number } | null
}
/** What it came to. */
export type Ended = {
  call: string
  outcome: Outcome
  errorCode: CallErrorCode | null
  statusCode: number
  holdNanos: number
  chargedNanos: number
  releasedNanos: number
}
/** A call that was not answered, whether there is a receipt that says so, and what to do about it. */
export type Refusal = {
  status: number
  message: Words
  call: string | null
  /** To credit, with the figures in dollars; to the key that is called with; or to all keys. */
  way:
    | { to: 'credit'; needed: string | null; available: string | null; held?: string }
    | { to: 'key'; keyId: number }
    | { to: 'keys' }
    | null
}

/** What is wrong with a question, by its field. */
export type QuestionErrors = { model?: MessageDescriptor; text?: MessageDescriptor }

/** What stands between the API's own events. */
export type OwnEvents = { begun: Begun; ended: Ended; refused: Refusal; trouble: Words }

export type Shown = {
  text: string
  begun: Begun | null
  ended: Ended | null
  refused: Refusal | null
  /** What went wrong within it. */
  trouble: Words | null
}
export const nothing: Shown = { text: '', begun: null, ended: null, refused: null, trouble: null }

type Told = { name: string; data: string }

/** Events out of a text that comes in pieces (the HTML standard, server-sent events). */
export class EventReader {
  private rest = ''

  /** The events that are whole by now. */
  take(piece: string): Told[] {
    const parts = (this.rest + piece).split(/\r\n\r\n|\n\n|\r\r/)
    this.rest = parts.pop() ?? ''
    return parts.map(eventOf)
  }
}

function eventOf(text: string): Told {
  const told = { name: '', data: [] as string[] }
  for (const line of text.split(/\r\n|\n|\r/)) {
    const [, field, value = ''] = /^\uFEFF?(data|event): ?(.*)$/.exec(line) ?? []
    if (field === 'event') told.name = value
    if (field === 'data') told.data.push(value)
  }
  return { name: told.name, data: told.data.join('\n') }
}

/** Undefined for what is no JSON, such as the mark of a stream's end. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

type Chunk = {
  choices?: { delta?: { content?: unknown } }[]
  error?: { message?: unknown } | null
} | null

/** What is shown once an event has come. What it does not know it passes over. */
export function heard(shown: Shown, { name, data }: Told): Shown {
  const said = parsed(data)
  if (said === undefined) return shown
  if (name === 'begun') return { ...shown, begun: said as Begun }
  if (name === 'ended') return { ...shown, ended: said as Ended }
  if (name === 'refused') return { ...shown, refused: said as Refusal }
  if (name === 'trouble') return { ...shown, trouble: said as Words }
  const { choices, error } = (said as Chunk) ?? {}
  if (error) return { ...shown, trouble: String(error.message) }
  const content = choices?.[0]?.delta?.content
  return typeof content === 'string' ? { ...shown, text: shown.text + content } : shown
}

const utf8 = new TextEncoder()
/** A token is some four bytes of most texts, and nobody counts them before the end. */
export const tokensAbout = (text: string) => Math.ceil(utf8.encode(text).length / 4)

/** About what a call has cost so far: never more than it holds. */
export function costAbout({ text, begun }: Shown): number | null {
  if (!begun?.pace) return null
  const { textNanos, millionNanos } = begun.pace
  const cost = textNanos + Math.ceil((tokensAbout(text) * millionNanos) / 1_000_000)
  return Math.min(cost, begun.holdNanos ?? cost)
}
