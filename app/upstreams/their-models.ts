import { Agent } from 'undici'
import type { Proxies } from '../config/proxies.ts'
import { limits } from '../config/limits.ts'
import { proxiedAgent } from '../http/http.server.ts'
import { checkedLookup } from './addresses.ts'
import type { Definition } from './definition.ts'
import { tellsSecret } from './secrets.ts'

const { bytesMax, fetchMsMax } = limits.priceLists

/** Why there is no list, in words that follow the upstream's name; never what it said. */
type NoModels = { why: string }

function addressOf({ kind, baseUrl, query }: Definition): URL {
  const url = new URL(baseUrl)
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/models`
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  // Anthropic answers twenty where it is not asked for more.
  if (kind === 'anthropic') url.searchParams.set('limit', '1000')
  return url
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string | NoModels> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of body) {
    length += piece.length
    if (length > bytesMax) return { why: 'answers more than a list of models' }
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

/**
 * What an upstream says it has, at /models beside its endpoints, as it says it. Its address is looked
 * at as that of a call is, and no redirect is followed.
 */
export async function askForModels(
  definition: Definition,
  { secret, proxies }: { secret: string | undefined; proxies: Proxies | undefined },
): Promise<{ text: string } | NoModels> {
  const { credential, headers, timeouts } = definition
  const lookup = checkedLookup(definition.private)
  const connection = { connect: { timeout: timeouts.connectMs, lookup } }
  const agent = proxies ? proxiedAgent(proxies, connection) : new Agent(connection)
  const key = credential &&
    secret !== undefined && { [credential.header]: credential.prefix + secret }
  const url = addressOf(definition)
  try {
    const { statusCode, body } = await agent.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method: 'GET',
      headers: { ...headers, ...key, accept: 'application/json', 'accept-encoding': 'identity' },
      signal: AbortSignal.timeout(fetchMsMax),
    })
    if (statusCode !== 200) return { why: `answers ${statusCode}` }
    const text = await textOf(body as AsyncIterable<Buffer>)
    if (typeof text !== 'string') return text
    const own = key || {}
    if (tellsSecret(text, own, credential?.header)) return { why: 'answers with a key' }
    return { text }
  } catch (error) {
    const { code, name } = error as NodeJS.ErrnoException
    return { why: `cannot be reached (${code ?? name})` }
  } finally {
    await agent.destroy()
  }
}
