import { callErrorCodes, type CallErrorCode, type ErrorCode } from '../values/error-codes.ts'
import { formatUsd } from '../values/money.ts'
import { wireError, type ErrorWords, type WireError } from './errors.ts'

/** A call that is answered with an error. Thrown by a room, translated at the door. */
export class Refused<Code extends ErrorCode = ErrorCode> extends Error {
  readonly wire: WireError
  constructor(
    readonly code: Code,
    details?: Parameters<typeof wireError>[1],
  ) {
    super(code)
    this.wire = wireError(code, details)
  }
}

/** One that the row of a call can say. */
export type CallFailure = Refused<Extract<ErrorCode, CallErrorCode>>

export const isCallFailure = (error: unknown): error is CallFailure =>
  error instanceof Refused && callErrorCodes.some((code) => code === error.code)

/** The upstream's own answer to what was wrong with the client's request, passed on. */
export class PassedOn extends Error {
  constructor(
    readonly status: number,
    readonly error: ErrorWords,
  ) {
    super(`upstream ${status}`)
  }
}

export const badRequest = (message: string, param: string | null = null) =>
  new Refused('bad_request', { message, param })

type MoneyFigures = {
  neededNanos: number
  availableNanos: number
  heldNanos: number
  outputTokensAffordable: number
}

/** A call that does not fit the money there is, with all figures a program needs to ask for less. */
export function refusedForMoney(
  code: 'insufficient_balance' | 'key_budget_exceeded',
  { neededNanos, availableNanos, heldNanos, outputTokensAffordable }: MoneyFigures,
  outputTokensMax: number,
  topUpUrl: string,
): Refused {
  const needed = formatUsd(neededNanos)
  const available = formatUsd(availableNanos)
  const held = formatUsd(heldNanos)
  const fits =
    outputTokensAffordable > 0
      ? `With a limit of ${outputTokensAffordable} output tokens it fits.`
      : 'No limit on its output makes it fit.'
  const why =
    code === 'insufficient_balance'
      ? `$${available} is available`
      : 'this API key has less left of its budget'
  return new Refused(code, {
    message: `This call can cost up to $${needed}, and ${why} ($${held} is held by calls under way). ${fits}`,
    more: {
      needed_usd: needed,
      available_usd: available,
      held_usd: held,
      max_tokens_affordable: Math.min(outputTokensAffordable, outputTokensMax),
      top_up_url: topUpUrl,
    },
  })
}
