import { chunks } from '../../app/relay/chat/said.ts'
import type { ChatCall } from '../../app/relay/chat/request.ts'
import { Meter } from '../../app/relay/meter.ts'

/** The meter of a streamed chat completion whose client asked for usage, or did not. */
export const meterOf = (usageWanted: boolean) =>
  new Meter(chunks, { usageWanted, choices: 1, model: { name: 'gpt-4o' } } as ChatCall)
