import type { UpstreamAnswer } from '../ask.ts'
import type { Outlook } from './retries.ts'
import type { UpstreamCall, UpstreamRuntime } from '../upstream.ts'

/** What choosing must know of an offer of the catalogue. */
export type Offered = { readonly upstream: string; readonly theirName: string }

/** What a call asks of an upstream. */
export type Wanted = {
  /** Whose call it is. */
  account: number
  /** By our name. */
  model: string
  /** Of the endpoint, below /v1: such as chat/completions. */
  path: string
  /** The only upstream, and the key there, where what it needs lies with them. */
  place?: { upstream: string; key: string }
  /** Members of its body that an upstream must be defined to take. */
  needs: ReadonlySet<string>
  /**
   * Calls with the same go to the same upstream while they can, where their prompts are cached.
   * Asked for where there is a choice.
   */
  affinity(): string
  /** What it is reckoned at; asked for where an upstream has a limit on tokens. */
  tokens?(): number
}

/** An upstream with one of its keys: where one attempt of a call goes. */
export type Target<O extends Offered = Offered> = {
  offer: O
  upstream: UpstreamRuntime
  key: { id: number | null; name: string }
}

/**
 * What an attempt failed of: anything of the upstream; the operator's key or purse there, for all
 * models; their right to what was asked, as far as can be told; a limit that passes; or that
 * nothing came in time.
 */
export type AttemptFailure = 'failure' | 'credential' | 'refused' | 'limit' | 'slow'

/**
 * One request to a target. Exactly one of the last three is called, as soon as it is known: at the
 * first event of a stream, at the whole of a plain answer, at a failure. A second one changes
 * nothing.
 */
export type Attempt<O extends Offered = Offered> = {
  target: Target<O>
  /** Rejects with undici's error when no answer came. Redirects are answers like any other. */
  send(call: UpstreamCall): Promise<UpstreamAnswer>
  /** Whether a text from there tells the key that was sent: nobody may read it then. */
  tells(text: string): boolean
  succeeded(): void
  /** `retryAfterMs`: how long it asks to be left alone, where it says so. */
  failed(kind: AttemptFailure, retryAfterMs?: number): void
  /** Nothing can be learned from it: its client left, or its request is what is wrong. */
  neutral(): void
  /** How many tokens it has used, as far as is known by now: the last word counts. */
  used(tokens: number): void
}

/** Where a call can go. */
export type Candidates<O extends Offered = Offered> = {
  /** All that may yet be tried, the best first; what is held covers each of them. */
  readonly targets: readonly Target<O>[]
  /**
   * Begins an attempt at the best of them that is well and was not tried: whether one is well is
   * asked at this moment. Undefined where none is left.
   */
  next(): Attempt<O> | undefined
  /** What is known of where the next attempt would go, behind the last one, which has failed. */
  readonly outlook: Outlook
}
