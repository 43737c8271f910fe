import { isUtf8 } from 'node:buffer'
import type { Catalog, PricedModel } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'
import { figureInEnglish } from '../../errors/english.ts'
import type { Allowed } from '../endpoint.ts'
import type { Members } from './members.ts'
import { scanObject, valuesOf, type Scan } from '../text/json-members.ts'
import { parseJson, type Parsed } from '../text/parse-json.ts'
import type { Steps } from '../text/steps.ts'

/** What endpoints whose requests are JSON objects have in common. */

export type Body = Record<string, unknown>
export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function* parse(raw: Buffer, scan: Scan): Steps<Parsed & { value: Body }> {
  if (scan.tooDeep) throw badRequest('The request body is nested too deeply.')
  if (scan.tooMany) throw tooMany(scan.tooMany)
  let parsed: Parsed
  try {
    parsed = yield* parseJson(raw, scan.long)
  } catch {
    throw badRequest('We could not parse the JSON body of your request.')
  }
  const { value: body, unread } = parsed
  if (!isObject(body)) throw badRequest('The request body must be a JSON object.')
  if (scan.duplicate !== null) {
    throw badRequest('A member of the request body is given twice.', scan.duplicate.slice(0, 100))
  }
  // Deeper down one of the two is dropped, and which one the upstream reads is not ours to know.
  if (valuesOf(body) !== scan.values) throw givenTwiceWithin(raw, scan, body)
  // JSON.parse of Node 24.21 takes an escaped name for another one that holds a backslash, once it
  // has seen that one (docs/decisions/0007): `"\\u006e": 100` would be no `n` to us.
  for (const name of scan.members.keys()) {
    if (!Object.hasOwn(body, name)) throw badRequest('We could not parse the JSON body.')
  }
  return { value: body, unread }
}

function givenTwiceWithin(raw: Buffer, scan: Scan, body: Body) {
  const odd = [...scan.members].find(([name, { valueFrom, to }]) => {
    const { values } = scanObject(raw.subarray(valueFrom, to), limits.http.json)
    return values !== valuesOf(body[name])
  })
  const name = odd?.[0].slice(0, 100) ?? null
  return badRequest('A member of an object in the request body is given twice.', name)
}

function tooMany({ member, most }: { member: string | null; most: number }) {
  const number = figureInEnglish(most)
  if (member === null) return badRequest(`The request body holds more than ${number} JSON values.`)
  const name = member.slice(0, 100)
  return badRequest(`A list in '${name}' holds more than ${number} items.`, name)
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

/** The model is on sale, and of a kind that is called at other paths. */
export class OtherKind extends Refused<'model_not_found'> {
  constructor(
    readonly model: PricedModel,
    shown: string,
  ) {
    const message = `The model \`${shown}\` is for ${model.kind} and cannot be called here.`
    super('model_not_found', { message, param: 'model' })
  }
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
  if (model) throw new OtherKind(model, shown)
  const message = `The model \`${shown}\` does not exist or you do not have access to it.`
  throw new Refused('model_not_found', { message, param: 'model' })
}

/** Refuses text of which no model could read all, before anything is made of it. */
export function refuseBeyondContext(
  raw: Buffer,
  { members, textBytes }: Scan,
  catalog: Catalog,
  at: Date,
) {
  const member = members.get('model')
  if (!member || member.to - member.valueFrom > 1_000) return
  const name = raw.toString('utf8', member.valueFrom, member.to).trim().slice(1, -1)
  const model = catalog.find(name, at)
  if (!model || !(textBytes > model.contextTokens * limits.tokens.bytesPerTokenMost)) return
  const most = figureInEnglish(model.contextTokens)
  throw new Refused('request_too_large', {
    message: `This request holds more text than ${most} tokens, which is all that ${model.name} reads.`,
  })
}

/**
 * A body as the client wrote it, where its members stand in it, and what they say; but for long
 * strings that are unread still, for which something else stands.
 */
export type ParsedBody = { raw: Buffer; scan: Scan; body: Body; unread: Parsed['unread'] }

const scanUsual = (raw: Buffer) => scanObject(raw, limits.http.json)

/**
 * Reads a body whose members are all known, or allowed by name, in steps; `look` may refuse it before
 * it is parsed. Throws `Refused`.
 */
export function* parseBody(
  raw: Buffer,
  known: Members,
  allowed: Allowed,
  look?: (scan: Scan) => void,
  scanned: (raw: Buffer) => Scan = scanUsual,
): Steps<ParsedBody> {
  // Decoding would replace what is wrong, and the upstream would get what nobody wrote.
  if (!isUtf8(raw)) throw badRequest('The request body is not valid UTF-8.')
  const scan = scanned(raw)
  look?.(scan)
  if (scan.long.length > 0) yield
  const { value: body, unread } = yield* parse(raw, scan)
  known.check(body, scan.members.keys(), allowed)
  return { raw, scan, body, unread }
}
