import type { Catalog } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'
import { passedOn, refuseTooHeavy } from '../chat/answer-weight.ts'
import { readStreamOptions } from '../chat/request.ts'
import type { Allowed, Call } from '../endpoint.ts'
import { findModel, parseBody, readFlag, readWhole, type Body } from '../openai/json-request.ts'
import { scanWithNumbers } from '../openai/long-lists.ts'
import { readPrompts, type Prompts } from '../openai/prompts.ts'
import type { Scan } from '../text/json-members.ts'
import type { Steps } from '../text/steps.ts'
import { knownMembers } from './members.ts'

const { choicesMax, outputTokensUsual, promptsMax } = limits.endpoints.completions

/** A request as we understood it, beside the bytes as the client wrote them. */
export type CompletionCall = Call & {
  raw: Buffer
  scan: Scan
  prompts: Prompts
  /** All of the body that may be read besides its prompts, in bytes. */
  besideBytes: number
  usageWanted: boolean
  streamOptions: Record<string, unknown>
  /** Those of the answer, of all prompts. */
  choices: number
  /** Those that are made for it, of which only the best are in the answer. */
  candidates: number
  /** The limit that the client names, or the usual one. */
  outputTokensWanted: number
  isLimitSaid: boolean
  /** Of a plain answer: more than so many, and it would be longer than what is passed on. */
  outputTokensPassedOn: number
}

function readNumber(body: Body, name: string): number | null {
  const number = readWhole(body, name, 1, choicesMax + 1)
  if (number !== null && number > choicesMax)
    throw badRequest(`'${name}' must be at most ${choicesMax}.`, name)
  return number
}

/** How many answers there are of a prompt, and how many are made for them. */
function readChoices(body: Body, streamed: boolean) {
  const n = readNumber(body, 'n') ?? 1
  const bestOf = readNumber(body, 'best_of') ?? n
  if (bestOf < n) throw badRequest("'best_of' must be at least 'n'.", 'best_of')
  if (streamed && bestOf > n)
    throw badRequest("With 'best_of' greater than 'n' there is no stream.", 'best_of')
  return { n, bestOf }
}

/** Every member but the prompts counts once, and what is read with each prompt for each of them. */
function besideOf({ raw, scan }: { raw: Buffer; scan: Scan }, { count }: Prompts): number {
  const lengthOf = (name: string) => {
    const member = scan.members.get(name)
    return member ? member.to - member.valueFrom : 0
  }
  return raw.length - lengthOf('prompt') + lengthOf('suffix') * (count - 1)
}

/**
 * Reads and checks the body of a completion. Only what decides about money and form is looked at;
 * the rest is the upstream's to judge. Throws `Refused`.
 */
export function* readCompletionRequest(
  raw: Buffer,
  catalog: Catalog,
  at: Date,
  allowed: Allowed,
): Steps<CompletionCall> {
  const scanned = (body: Buffer) => scanWithNumbers(body, 'prompt')
  const parsed = yield* parseBody(raw, knownMembers, allowed, undefined, scanned)
  const { body, scan } = parsed
  const model = findModel(body.model, 'completion', catalog, at)
  const prompts = yield* readPrompts(parsed, 'prompt', { countMax: promptsMax, model })
  if (prompts.most > prompts.count * model.contextTokens * limits.tokens.bytesPerTokenMost)
    throw new Refused('request_too_large', { param: 'prompt' })
  const streamed = readFlag(body, 'stream')
  const { n, bestOf } = readChoices(body, streamed)
  const said = readWhole(body, 'max_tokens', 1, Number.MAX_SAFE_INTEGER)
  const streamOptions = readStreamOptions(parsed)
  const outputTokensWanted = said ?? outputTokensUsual
  const choices = n * prompts.count
  const outputTokensPassedOn = streamed ? Infinity : passedOn(body, choices)
  refuseTooHeavy(body, { model, choices, outputTokensWanted, outputTokensPassedOn })
  return {
    model,
    offers: model.offers,
    reachable: model.offers,
    streamed,
    serviceTier: null,
    unsized: false,
    mayThink: Boolean(model.reasoning),
    cacheKey: null,
    isUnlimited: false,
    raw,
    scan,
    prompts,
    besideBytes: besideOf(parsed, prompts),
    usageWanted: streamOptions.include_usage === true,
    streamOptions,
    choices,
    candidates: bestOf * prompts.count,
    outputTokensWanted,
    isLimitSaid: said !== null,
    outputTokensPassedOn,
  }
}
