import { CallEndBadge } from '../../ui/account/call-end.tsx'
import { Card } from '../../ui/card.tsx'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { costAbout, type Shown } from './said.ts'

type AnswerProps = { shown: Shown; isComing: boolean; callPath: (id: string) => string }

const holdOf = ({ begun, ended }: Shown) => ended?.holdNanos ?? begun?.holdNanos ?? null

/** What the call holds and costs: about, while it goes on; then what was charged. */
function factsOf({ shown, callPath }: AnswerProps): Fact[] {
  const { ended } = shown
  const holdNanos = holdOf(shown)
  const about = ended ? null : costAbout(shown)
  const call = (ended ?? shown.begun)?.call
  const facts: (Fact | false)[] = [
    holdNanos !== null && {
      name: 'Held for it',
      value: (
        <>
          <Money nanos={holdNanos} />
          {ended && (
            <>
              , of which <Money nanos={ended.releasedNanos} /> were released
            </>
          )}
        </>
      ),
    },
    about !== null && {
      name: 'Cost so far',
      value: (
        <>
          about <Money nanos={about} />
        </>
      ),
    },
    ended !== null && { name: 'Charged', value: <Money nanos={ended.chargedNanos} /> },
    ended !== null && { name: 'Outcome', value: <CallEndBadge {...ended} /> },
    call !== undefined && {
      name: 'Receipt',
      value: <TextLink to={callPath(call)}>Open the receipt</TextLink>,
    },
  ]
  return facts.filter((fact) => fact !== false)
}

const Refused = ({ shown: { refused }, callPath }: AnswerProps) =>
  refused && (
    <Notice
      tone="bad"
      title={`It was not answered${refused.status ? ` (${refused.status})` : ''}`}
      isAnswer
    >
      <p className="wrap-anywhere">{refused.message}</p>
      {refused.call && (
        <p>
          <TextLink to={callPath(refused.call)}>Open the receipt</TextLink>
        </p>
      )}
    </Notice>
  )

/** An answer, as far as it has come, and the money behind it. */
export function Answer(props: AnswerProps) {
  const { shown, isComing } = props
  const { text, refused, trouble } = shown
  if (refused) return <Refused {...props} />
  const facts = factsOf(props)
  return (
    <Card title="Answer">
      <div className="grid gap-4">
        <p
          aria-live="polite"
          aria-busy={isComing}
          className="min-h-6 leading-7 whitespace-pre-wrap wrap-anywhere"
        >
          {text || (isComing ? 'Waiting for the first words…' : 'It said nothing in words.')}
        </p>
        {trouble !== null && (
          <Notice tone="warn" title="This is not all of it" isAnswer>
            <p className="wrap-anywhere">{trouble}</p>
          </Notice>
        )}
        {facts.length > 0 && <Facts facts={facts} />}
      </div>
    </Card>
  )
}
