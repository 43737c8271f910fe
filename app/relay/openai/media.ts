import { limits } from '../../config/limits.ts'
import { badRequest } from '../../errors/refusal.ts'
import type { Allowed } from '../endpoint.ts'
import { Base64Check } from '../text/base64.ts'
import { fold } from './members.ts'
import type { Unread } from '../text/long-strings.ts'
import { baseOf } from '../text/tokens.ts'

/** Text, or where it stands in the body. */
type Datum = string | Unread

const charsOf = (datum: Datum) => (typeof datum === 'string' ? datum.length : datum.chars)

/** What stands in the messages beside text: counted by rule, because its bytes are not tokens. */
export type Media = {
  /** The detail that each picture is asked to be seen in. */
  images: unknown[]
  audioChars: number
  /** Pictures and sound as they stand in the body: all that is certainly not read as text. */
  data: Datum[]
  /** Long strings that have not been read, and are none of those. */
  unread: Map<string, Unread>
  /** Something of which nobody here knows how many tokens it is: a hold covers all that can be. */
  unsized: boolean
  /** By which members it names what lies in the operator's account. */
  named: Set<NameOfKept>
  /** For a bill without figures, what there is a rule for in that (docs/decisions/0027). */
  usual: {
    /** The detail of each picture by an address that is none of the web's, or by its id. */
    references: unknown[]
    /** What files hold that are in the body. */
    fileBytes: number
    /** And something else, for which there is none. */
    isUnknown: boolean
  }
}

/** A member that names something by its id, or the type of an item that stands for another one. */
export type NameOfKept = 'file_id' | 'item_reference'

/**
 * Refuses what lies in the operator's account, unless they let it through: all customers share that,
 * and whoever knows an id would read what is another's, or the operator's own.
 */
export function refuseNamed(named: Iterable<NameOfKept>, allowed: Allowed) {
  for (const name of named)
    if (!allowed.has(name))
      throw badRequest(`'${name}' is not available here. Send what it stands for itself.`, name)
}

/** Notes where a part, or what it holds, names a file by its id. */
export function noteFile({ named }: Pick<Media, 'named'>, holder: unknown) {
  if (typeof holder !== 'object' || holder === null) return
  // Names with a backslash may be others than they seem (docs/decisions/0007).
  for (const [name, value] of Object.entries(holder))
    if ((fold(name) === 'file_id' || name.includes('\\')) && !isEmpty(value)) named.add('file_id')
}

/** Something for which there is no rule: it may be all that the model reads. */
export function addUnknown(media: Media) {
  media.unsized = true
  media.usual.isUnknown = true
}

const dataHead = /^data:(image|audio)\/(?!svg)[\w.+-]+(?:;[\w.+-]+=[\w.+-]+)*;base64,/i

/** Whether everything from here on is base64. */
function isBase64({ unread }: Media, text: string, from: number): boolean {
  const known = unread.get(text)
  if (known)
    return known.isBase64 && from === (text.startsWith('data:') ? text.indexOf(',') + 1 : 0)
  const check = new Base64Check()
  return check.add(text.slice(from)) && check.end()
}

/** What a data URL holds, where it is one and holds a picture or sound; a drawing in SVG is text. */
function kindOfData(media: Media, url: string): string | undefined {
  const [head, kind] = dataHead.exec(url.slice(0, 200)) ?? []
  return head !== undefined && isBase64(media, url, head.length) ? kind?.toLowerCase() : undefined
}

/** Takes it out of what is yet to be read, and answers what it is. */
function take({ unread }: Media, text: string): Datum {
  const known = unread.get(text)
  unread.delete(text)
  return known ?? text
}

const isUrl = (text: string) => /^https?:\/\//i.test(text)

/** A picture costs the same whatever its bytes; anything else in its place may be of any size. */
export function addPicture(
  media: Media,
  { url, id, detail }: { url: unknown; id: unknown; detail: unknown },
) {
  if (typeof url === 'string' && kindOfData(media, url) === 'image') {
    media.images.push(detail)
    media.data.push(take(media, url))
  } else if (typeof url === 'string' && isUrl(url)) media.images.push(detail)
  else if (isReference(url ?? id)) {
    media.unsized = true
    media.usual.references.push(detail)
  } else addUnknown(media)
}

/** A name for what lies elsewhere: `gs://bucket/a.png`, `file-1`; longer ones hold something. */
const isReference = (name: unknown) =>
  typeof name === 'string' && name.length <= 2_000 && !/^data:/i.test(name)

/** A file in the body is of a known length; no page of one is more tokens than that and a picture. */
export function addFile(media: Media, data: unknown) {
  const from = typeof data === 'string' ? data.indexOf(';base64,') + 1 : 0
  if (typeof data !== 'string' || from === 0 || !isBase64(media, data, from + 7))
    return addUnknown(media)
  media.unsized = true
  media.usual.references.push('original')
  media.usual.fileBytes += Math.ceil(((charsOf(take(media, data)) - from - 7) / 4) * 3)
}

export function addSound(media: Media, data: unknown) {
  if (
    typeof data === 'string' &&
    (isBase64(media, data, 0) || kindOfData(media, data) === 'audio')
  ) {
    const datum = take(media, data)
    media.audioChars += charsOf(datum)
    media.data.push(datum)
  } else addUnknown(media)
}

/** Names in which a medium stands. */
export const mediumName =
  /image|picture|photo|video|audio|sound|(?:^|_)(?:file|document|attachment|media)(?:s|_|$)/i

export const isEmpty = (value: unknown) =>
  value === null ||
  value === '' ||
  value === false ||
  (typeof value === 'object' && Object.keys(value).length === 0)

/** No media yet; of `unread` those will go that are among them. */
export const noMedia = (unread: Map<string, Unread>): Media => ({
  images: [],
  audioChars: 0,
  data: [],
  unread,
  unsized: false,
  named: new Set(),
  usual: { references: [], fileBytes: 0, isUnknown: false },
})

/**
 * Tokens of a picture, at the most: newer models see one in its original detail unless they are
 * told not to.
 */
export function mostOfImage(model: string, detail: unknown): number {
  if (baseOf(model).startsWith('gpt-4o-mini')) return limits.tokens.perImageDearest
  const isOriginal =
    detail === 'original' ||
    (detail !== 'low' && detail !== 'high' && /gpt-(?:5\.[5-9]|[6-9])/.test(model))
  return isOriginal ? limits.tokens.perImageOriginal : limits.tokens.perImage
}

/** Tokens of pictures and sound whose bytes are none. */
export const mediaTokens = (
  { images, audioChars }: Media,
  perImage: (detail: unknown) => number,
): number =>
  images.reduce<number>((sum, detail) => sum + perImage(detail), 0) +
  Math.ceil(audioChars / limits.tokens.audioBytesPerToken)

/** Bytes of a body that are not certainly media. A datum is ASCII, and takes at least its length. */
export const textBytesOf = (bytes: number, { data }: Media) =>
  Math.max(
    0,
    data.reduce((left, datum) => left - charsOf(datum), bytes),
  )

/** Of those, what a bill without figures counts: of files it takes the size. */
export const countedBytesOf = (bytes: number, media: Media) =>
  textBytesOf(bytes, media) - Math.ceil((media.usual.fileBytes / 3) * 4)

/** Where those media stand that have not been read. */
export const spansOf = ({ data }: Media): Unread[] =>
  data.filter((datum) => typeof datum !== 'string')

/**
 * The text without those media that have been read, each taken out once. Their slashes are escaped
 * in all of them or in none; from the first that is not found on, all stays, so that nobody makes
 * us look through the whole text for each of many.
 */
export function withoutData(text: string, { data }: Media): string {
  const read = data.filter((datum) => typeof datum === 'string')
  const slashed = read.find((datum) => datum.includes('/'))
  const isEscaped = slashed !== undefined && text.includes('\\/') && !text.includes(slashed)
  let rest = ''
  let from = 0
  for (const datum of read) {
    const written = isEscaped ? datum.replaceAll('/', '\\/') : datum
    const at = text.indexOf(written, from)
    if (at < 0) break
    rest += `${text.slice(from, at)} `
    from = at + written.length
  }
  return rest + text.slice(from)
}
