import { limits } from '../../config/limits.ts'
import type { PricedModel } from '../../catalog/catalog.server.ts'
import { badRequest } from '../../errors/refusal.ts'
import { figureInEnglish } from '../../errors/english.ts'
import type { Body } from '../openai/json-request.ts'

const { bytesPerTokenMost, bytesPerLikelyToken, likelyTokensMost } = limits.tokens
const { answerBytesMax } = limits.endpoints.chat

/** How many tokens a member lists beside each one of the answer; what is no number may be any. */
function listedBy(value: unknown): number {
  if (value === undefined || value === null || value === false) return 0
  const number = value === true ? 1 : Number(value)
  return Number.isFinite(number) ? Math.max(0, number) : likelyTokensMost
}

/**
 * How many tokens of output a choice may have, so that no plain answer is longer than what is
 * passed on: lists of the likeliest tokens make each token some hundred times as long. A stream
 * goes on in pieces, and has no such bound.
 */
export function passedOn({ logprobs, top_logprobs: top }: Body, choices: number): number {
  const listed = Math.max(listedBy(logprobs), listedBy(top))
  // The token itself stands in its own list, and beside it.
  const likely = listed > 0 ? (listed + 1) * bytesPerLikelyToken : 0
  return Math.floor(answerBytesMax / (choices * (bytesPerTokenMost + likely)))
}

type Weighed = {
  model: PricedModel
  choices: number
  outputTokensWanted: number | null
  outputTokensPassedOn: number
}

/** Refuses a call whose own limit lets its answer be longer than that, before anybody is paid for it. */
export function refuseTooHeavy(body: Body, call: Weighed) {
  const { model, choices, outputTokensWanted, outputTokensPassedOn: most } = call
  const tokens = Math.min(outputTokensWanted ?? 1, model.outputTokensMax)
  if (tokens <= most) return
  const names = (['top_logprobs', 'logprobs'] as const).filter((name) => listedBy(body[name]) > 0)
  const lists = names.map((name) => `'${name}' of ${JSON.stringify(body[name]).slice(0, 50)}`)
  const many = [`${figureInEnglish(tokens)} tokens`, ...lists]
  if (choices > 1) many.push(`'n' of ${choices}`)
  const cure = most > 0 ? `, or say a limit of at most ${most} tokens` : ''
  throw badRequest(
    `With ${many.join(' and ')} a plain answer may be longer than ${answerBytesMax / 2 ** 20} MiB, which is not passed on. ` +
      `Ask for a stream${cure}.`,
    names[0] ?? 'n',
  )
}
