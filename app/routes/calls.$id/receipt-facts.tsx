import { useLingui } from '@lingui/react/macro'
import type { CallErrorCode } from '../../values/error-codes.ts'
import type { Outcome } from '../../values/outcomes.ts'
import { chargedWords, howItEnded, whyTryFailed } from '../../ui/account/receipt-words.ts'
import { Duration } from '../../ui/account/calls-table.tsx'
import { InARow } from '../../ui/format/in-a-row.tsx'
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

const Attempt = ({ tried: { upstream, status, why, id, ms, charged } }: { tried: Tried }) => {
  const { t } = useLingui()
  const facts = [
    upstream,
    why !== null && t(whyTryFailed[why]),
    status !== null && t`answered ${status}`,
    <Duration ms={ms} />,
    t(chargedWords(charged)),
  ]
  return (
    <>
      <InARow of={facts} />
      {id !== null && (
        <>
          {' '}
          <Id text={id} />
        </>
      )}
    </>
  )
}

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
  const { t } = useLingui()
  const { clientRetry, keyId } = call
  const facts: (Fact | false)[] = [
    { name: t`Began`, value: <Time at={call.startedAt} to="millisecond" /> },
    { name: t`Ended`, value: <Time at={call.endedAt} to="millisecond" /> },
    { name: t`First byte after`, value: <Duration ms={call.firstByteMs} /> },
    { name: t`Took`, value: <Duration ms={call.totalMs} /> },
    {
      name: t`Key`,
      value: (
        <>
          <TextLink to={paths.keyPath(call.keyId)}>{call.keyName ?? t`No. ${keyId}`}</TextLink>{' '}
          {call.keyPrefix && <Id text={`${call.keyPrefix}…${call.keyLastFour}`} />}
        </>
      ),
    },
    { name: t`Model`, value: <TextLink to={paths.modelPath(call.model)}>{call.model}</TextLink> },
    call.otherModel !== null && { name: t`Answered by`, value: call.otherModel },
    { name: t`Answered`, value: call.streamed === 1 ? t`as a stream` : t`in one piece` },
    { name: t`Status`, value: `${call.statusCode}${call.errorCode ? `, ${call.errorCode}` : ''}` },
    { name: t`Outcome`, value: t(howItEnded[call.outcome]) },
    call.serviceTier !== null && { name: t`Service tier`, value: call.serviceTier },
    {
      name: t`Upstream`,
      value: call.upstream ?? (call.attempts > 0 ? t`did not answer` : t`not asked`),
    },
    call.upstreamStatus !== null && { name: t`The provider answered`, value: call.upstreamStatus },
    { name: t`Attempts`, value: call.attempts },
    ...tries.map((tried, at) => {
      const number = at + 1
      return {
        name: t`Attempt ${number}`,
        value: <Attempt tried={tried} />,
      }
    }),
    clientRetry > 0 && { name: t`Retry of the client`, value: t`No. ${clientRetry}` },
    call.client !== null && { name: t`Client`, value: call.client },
    { name: t`Request id`, value: <Id text={id} /> },
    call.upstreamRequestId !== null && {
      name: t`Request id of the upstream`,
      value: <Id text={call.upstreamRequestId} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
