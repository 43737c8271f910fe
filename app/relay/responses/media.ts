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

/** Where items and parts have what others are made of. */
const holders: ReadonlySet<string> = new Set(['content', 'output', 'outputs'])
const pictures: ReadonlySet<unknown> = new Set(['input_image', 'computer_screenshot'])
const ownNames: Record<string, readonly string[]> = {
  input_image: ['image_url', 'file_id'],
  computer_screenshot: ['image_url', 'file_id'],
  input_file: ['file_data', 'file_id', 'file_url', 'filename'],
  input_audio: ['input_audio'],
}
/** An item that stands for one that the upstream has kept. */
const isReference = ({ type }: Record<string, unknown>) => type === 'item_reference'

/** The same, whose type may be left out: then it is what has an id and is said by nobody. */
const isBareReference = (item: unknown) =>
  isObject(item) &&
  (item.type ?? null) === null &&
  (item.role ?? null) === null &&
  Object.keys(item).some((name) => fold(name) === 'id')

function addReference(media: Media) {
  media.named.add('item_reference')
  addUnknown(media)
}

function lookAt(media: Media, it: Record<string, unknown>) {
  const { type } = it
  noteFile(media, it)
  if (pictures.has(type)) {
    const { image_url: url, file_id: id, detail } = it
    addPicture(media, { url: url ?? undefined, id, detail })
  } else if (type === 'input_file') {
    if (isEmpty(it.file_id ?? null) && isEmpty(it.file_url ?? null)) addFile(media, it.file_data)
    else addUnknown(media)
  } else if (type === 'input_audio') {
    addSound(media, isObject(it.input_audio) ? it.input_audio.data : undefined)
  } else if (isReference(it)) addReference(media)
  else if (type === 'image') addUnknown(media)
  const own = typeof type === 'string' ? ownNames[type] : undefined
  for (const name of Object.keys(it)) {
    if (holders.has(name)) lookIn(media, it[name])
    else if (own?.includes(name) !== true && mediumName.test(name) && !isEmpty(it[name]))
      addUnknown(media)
  }
}

function lookIn(media: Media, value: unknown) {
  if (Array.isArray(value)) for (const item of value) lookIn(media, item)
  else if (isObject(value)) lookAt(media, value)
}

/**
 * All media in the items of an input; of `unread` those go that are among them. A call that goes on
 * from what the upstream has kept reads all of that too.
 */
export function findMedia(
  items: readonly unknown[],
  unread: Map<string, Unread>,
  goesOn: boolean,
): Media {
  const media = noMedia(unread)
  lookIn(media, items)
  if (items.some(isBareReference)) addReference(media)
  if (goesOn) addUnknown(media)
  return media
}
