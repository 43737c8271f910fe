import { StringDecoder } from 'node:string_decoder'
import { EventReader } from './said.ts'

/**
 * The events of a stream that have no names, as they come. Those with a name are left out: an
 * upstream may not say what we say, such as what a call has cost.
 */
export async function* unnamedEvents(
  body: AsyncIterable<Buffer>,
): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8')
  const events = new EventReader()
  const unnamed = (piece: string) =>
    events
      .take(piece)
      .filter(({ name }) => name === '')
      .map(({ data }) => `data: ${data.replaceAll('\n', '\ndata: ')}\n\n`)
      .join('')
  for await (const piece of body) {
    const told = unnamed(decoder.write(piece))
    if (told !== '') yield told
  }
  // The last one may have no end of its own.
  yield unnamed(`${decoder.end()}\n\n`)
}
