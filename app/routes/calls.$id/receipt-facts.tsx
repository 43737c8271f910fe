import type { CallErrorCode } from '../../values/error-codes.ts'
import type { Outcome } from '../../values/outcomes.ts'
import { chargedWords, howItEnded, whyTryFailed } from '../../ui/account/receipt-words.ts'
import { Duration } from '../../ui/account/calls-table.tsx'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Time } from '../../ui/time.tsx'

type Tried = {
  upstream: string
  /** Only where there is something to tell of it. */
  status: number | null
  why: keyof typeof whyTryFailed | null
  id: string | null
  ms: number
  charged: boolean | 'maybe'
}

const Attempt = ({ tried: { upstream, status, why, id, ms, charged } }: { tried: Tried }) => (
  <>
    {upstream}
    {why !== null && `, ${whyTryFailed[why]}`}
    {status !== null && `, answered ${status}`}, <Duration ms={ms} />, {chargedWords(charged)}
    {id !== null && (
      <>
        {' '}
        <Id text={id} />
      </>
    )}
  </>
)

type ReceiptFactsProps = {
  id: string
  call: {
    keyId: number
    keyName: string | null
    keyPrefix: string | null
    keyLastFour: string | null
    model: string
    otherModel: string | null
    upstream: string | null
    upstreamRequestId: string | null
    /** Only where there is something to tell of it. */
    upstreamStatus: number | null
    statusCode: number
    errorCode: CallErrorCode | null
    outcome: Outcome
    streamed: number
    serviceTier: string | null
    firstByteMs: number | null
    totalMs: number | null
    attempts: number
    clientRetry: number
    client: string | null
    startedAt: Date
    endedAt: Date
  }
  /** Where there was more than one attempt. */
  tries: Tried[]
  keyPath: (id: number) => string
  modelPath: (name: string) => string
}

/** Who made the call, where it went, how long it took, and the ids to quote. */
export const ReceiptFacts = ({ id, call, tries, ...paths }: ReceiptFactsProps) => {
  const facts: (Fact | false)[] = [
    { name: 'Began', value: <Time at={call.startedAt} to="millisecond" /> },
    { name: 'Ended', value: <Time at={call.endedAt} to="millisecond" /> },
    { name: 'First byte after', value: <Duration ms={call.firstByteMs} /> },
    { name: 'Took', value: <Duration ms={call.totalMs} /> },
    {
      name: 'Key',
      value: (
        <>
          <TextLink to={paths.keyPath(call.keyId)}>{call.keyName ?? `No. ${call.keyId}`}</TextLink>{' '}
          {call.keyPrefix && <Id text={`${call.keyPrefix}…${call.keyLastFour}`} />}
        </>
      ),
    },
    { name: 'Model', value: <TextLink to={paths.modelPath(call.model)}>{call.model}</TextLink> },
    call.otherModel !== null && { name: 'Answered by', value: call.otherModel },
    { name: 'Answered', value: call.streamed === 1 ? 'as a stream' : 'in one piece' },
    { name: 'Status', value: `${call.statusCode}${call.errorCode ? `, ${call.errorCode}` : ''}` },
    { name: 'Outcome', value: howItEnded[call.outcome] },
    call.serviceTier !== null && { name: 'Service tier', value: call.serviceTier },
    {
      name: 'Upstream',
      value: call.upstream ?? (call.attempts > 0 ? 'did not answer' : 'not asked'),
    },
    call.upstreamStatus !== null && { name: 'The provider answered', value: call.upstreamStatus },
    { name: 'Attempts', value: call.attempts },
    ...tries.map((tried, at) => ({
      name: `Attempt ${at + 1}`,
      value: <Attempt tried={tried} />,
    })),
    call.clientRetry > 0 && { name: 'Retry of the client', value: `No. ${call.clientRetry}` },
    call.client !== null && { name: 'Client', value: call.client },
    { name: 'Request id', value: <Id text={id} /> },
    call.upstreamRequestId !== null && {
      name: 'Request id of the upstream',
      value: <Id text={call.upstreamRequestId} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
