import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { request, type Dispatcher } from 'undici'
import { limits } from '../config/limits.ts'
import { jsonOf, readJson, type Json } from './json-text.ts'

const { bytesMax, fetchMsMax } = limits.priceLists

/** A list as it came: where from, what it says, and what tells it from every other. */
type Document = { source: string; digest: string; json: Json }

/** Why there is no list, in words for whoever asked for it. */
export class NoList extends Error {}

const digestOf = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex')

function parsed(source: string, bytes: Buffer): Document {
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // The decoder says no more than this.
    throw new NoList('it is not UTF-8')
  }
  try {
    return { source, digest: digestOf(bytes), json: readJson(text) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    throw new NoList(`it is no JSON: ${error.message}`)
  }
}

/** The package that comes with the relay, which only this command ever loads. */
export async function fromPackage(): Promise<Document> {
  const name = '@pydantic/genai-prices'
  const { waitForUpdate } = await import('@pydantic/genai-prices')
  // Its own lists, as long as nobody has given it others.
  const providers = await waitForUpdate()
  const folder = dirname(createRequire(import.meta.url).resolve(name))
  const manifest = JSON.parse(await readFile(join(folder, '..', 'package.json'), 'utf8')) as {
    version: string
  }
  const digest = digestOf(JSON.stringify(providers))
  return { source: `${name} ${manifest.version}`, digest, json: jsonOf(providers) }
}

async function collected(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > bytesMax) throw new NoList(`it is longer than ${bytesMax / 1024 / 1024} MiB`)
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

/** A file of this machine. */
export async function fromFile(path: string): Promise<Document> {
  let bytes
  try {
    bytes = await collected(createReadStream(path))
  } catch (error) {
    if (error instanceof NoList) throw error
    throw new NoList(`it cannot be read (${(error as NodeJS.ErrnoException).code})`)
  }
  return parsed(path, bytes)
}

/**
 * A list by its address: https and nothing else, no redirect followed, so that the address is the
 * operator's and nobody else's. Bounded in length and time.
 */
export async function fromUrl(address: string, dispatcher?: Dispatcher): Promise<Document> {
  const url = new URL(address)
  if (url.protocol !== 'https:') throw new NoList('it must begin with https://')
  if (url.username || url.password) throw new NoList('its address may hold no password')
  let bytes
  const signal = AbortSignal.timeout(fetchMsMax)
  try {
    const { statusCode, headers, body } = await request(url, {
      signal,
      ...(dispatcher ? { dispatcher } : {}),
      headers: { accept: 'application/json', 'accept-encoding': 'identity' },
    })
    if (statusCode !== 200) {
      body.destroy()
      const moved = statusCode >= 300 && statusCode < 400
      throw new NoList(`it answers ${statusCode}${moved ? '; redirects are not followed' : ''}`)
    }
    if (!['identity', undefined].includes(headers['content-encoding']?.toString())) {
      body.destroy()
      throw new NoList('it is compressed, though that was not asked for')
    }
    bytes = await collected(body)
  } catch (error) {
    if (error instanceof NoList) throw error
    if (signal.aborted) throw new NoList(`it took longer than ${fetchMsMax / 1_000} s`)
    throw new NoList(
      `it cannot be reached (${(error as NodeJS.ErrnoException).code ?? 'no answer'})`,
    )
  }
  // What stands behind the path may be a secret, and the source is kept.
  return parsed(`${url.origin}${url.pathname}`, bytes)
}
