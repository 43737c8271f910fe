import type { Model } from '../../catalog/catalog.server.ts'
import type { OwnHeaders, Target } from '../../upstreams/upstreams.server.ts'
import type { Reported } from '../endpoint.ts'

/** What a call that was made to look at an upstream has shown. */
export type TestedCall = {
  status: number | null
  /** The code of its error, or of why there was no answer; null where all was well. */
  code: string | null
  /** By which they know it. */
  requestId: string | null
  ms: number
  /** Of a stream, until its first event. */
  firstEventMs: number | null
  /** The model that says it has answered. */
  model: string | null
  reported: Reported | undefined
  /** Its answer was a completion; of a stream, its last word came too. */
  isWhole: boolean
}
export type Asked = { model: Model; target: Target; headers: OwnHeaders; streamed: boolean }

/** What an answer, or what has come of a stream so far, has shown. */
export type Seen = Partial<Pick<TestedCall, 'model' | 'reported' | 'isWhole' | 'firstEventMs'>> & {
  code?: string | undefined
}

/** How a call in one dialect is made and read. */
export type TestForm = {
  /** Of its endpoint, below /v1. */
  path: string
  body: Buffer[]
  plain(answer: Buffer): Seen
  /** Takes one whole event of a stream; `elapsed` says how long it took to come. */
  look(event: Buffer, seen: Seen, elapsed: () => number): void
}
