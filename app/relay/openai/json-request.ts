import { isUtf8 } from 'node:buffer'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'
import type { Members } from './members.ts'
import { scanObject, type Scan } from '../text/json-members.ts'

/** What endpoints whose requests are JSON objects have in common. */

export type Body = Record<string, unknown>
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function parse(text: string, scan: Scan): Body {
  if (scan.tooDeep) throw badRequest('The request body is nested too deeply.')
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw badRequest('We could not parse the JSON body of your request.')
  }
  if (!isObject(body)) throw badRequest('The request body must be a JSON object.')
  if (scan.duplicate !== null) {
    throw badRequest('A member of the request body is given twice.', scan.duplicate.slice(0, 100))
  }
  // JSON.parse of Node 24.21 takes an escaped name for another one that holds a backslash, once it
  // has seen that one (docs/decisions/0007): `"\\u006e": 100` would be no `n` to us.
  for (const name of scan.members.keys()) {
    if (!Object.hasOwn(body, name)) throw badRequest('We could not parse the JSON body.')
  }
  return body
}

/** A whole number within bounds, or null when the member is absent. */
export function readWhole(body: Body, name: string, least: number, most: number): number | null {
  const value = body[name] ?? null
  if (value === null) return null
  if (!Number.isInteger(value) || (value as number) < least) {
    throw badRequest(`'${name}' must be a whole number of at least ${least}.`, name)
  }
  return Math.min(value as number, most)
}

export function readFlag(body: Body, name: string): boolean {
  const value = body[name] ?? false
  if (typeof value !== 'boolean') throw badRequest(`'${name}' must be true or false.`, name)
  return value
}

/** The model that a request names, at the price of `at`. */
export function findModel(
  name: unknown,
  kind: PricedModel['kind'],
  catalog: Catalog,
  at: Date,
): PricedModel {
  if (name === undefined || name === '')
    throw badRequest('you must provide a model parameter', 'model')
  if (typeof name !== 'string') throw badRequest("'model' must be a string.", 'model')
  const model = catalog.find(name, at)
  if (model?.kind === kind) return model
  const shown = JSON.stringify(name.slice(0, 100)).slice(1, -1)
  throw new Refused('model_not_found', {
    message: `The model \`${shown}\` does not exist or you do not have access to it.`,
    param: 'model',
  })
}

/** The text as the client wrote it, where its members stand in it, and what they say. */
export type ParsedBody = { text: string; scan: Scan; body: Body }

/** Reads a body whose members are all known, or allowed by name. Throws `Refused`. */
export function parseBody(raw: Buffer, known: Members, allowed: ReadonlySet<string>): ParsedBody {
  // Decoding would replace what is wrong, and the upstream would get what nobody wrote.
  if (!isUtf8(raw)) throw badRequest('The request body is not valid UTF-8.')
  const text = raw.toString('utf8')
  const scan = scanObject(text, limits.http.jsonDepthMax)
  const body = parse(text, scan)
  known.check(body, scan.members.keys(), allowed)
  return { text, scan, body }
}
