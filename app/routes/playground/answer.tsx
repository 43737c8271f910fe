import { CallEndBadge } from '../../ui/account/call-end.tsx'
import type { HowToAdd } from '../../ui/account/add-credit.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Refused, type AnswerPaths } from './refused.tsx'
import { costAbout, type Shown } from './said.ts'

type AnswerProps = { shown: Shown | null; isComing: boolean; credit: HowToAdd; paths: AnswerPaths }

/** What the call holds and costs: about, while it goes on; then what was charged. */
function factsOf(shown: Shown, paths: AnswerPaths): Fact[] {
  const { begun, ended } = shown
  const holdNanos = ended?.holdNanos ?? begun?.holdNanos ?? null
  const about = ended ? null : costAbout(shown)
  const call = (ended ?? begun)?.call
  const facts: (Fact | false)[] = [
    ended !== null && { name: 'Outcome', value: <CallEndBadge {...ended} /> },
    ended !== null && { name: 'Charged', value: <Money nanos={ended.chargedNanos} /> },
    about !== null && {
      name: 'Cost so far',
      value: (
        <>
          about <Money nanos={about} />
        </>
      ),
    },
    holdNanos !== null && { name: 'Held for it', value: <Money nanos={holdNanos} /> },
    ended !== null && { name: 'Released', value: <Money nanos={ended.releasedNanos} /> },
    call !== undefined && {
      name: 'Receipt',
      value: <TextLink to={paths.call(call)}>Open the receipt</TextLink>,
    },
  ]
  return facts.filter((fact) => fact !== false)
}

const Trouble = ({ shown: { trouble, begun }, paths }: { shown: Shown; paths: AnswerPaths }) => (
  <Notice tone="warn" title={begun ? 'This is not all of it' : 'It was not answered'} isAnswer>
    <p className="wrap-anywhere">{trouble}</p>
    {!begun && (
      <p>
        <TextLink to={paths.calls}>Open your calls</TextLink>
      </p>
    )}
  </Notice>
)

/** The words of an answer, as far as they have come. */
const Words = ({ text, isComing }: { text: string; isComing: boolean }) => (
  <div
    aria-live="polite"
    aria-busy={isComing}
    className={`leading-7 whitespace-pre-wrap wrap-anywhere ${isComing ? 'min-h-24' : ''}`}
  >
    {text}
    {text === '' && (
      <span className="text-muted">
        {isComing ? 'Waiting for the first words…' : 'It said nothing in words.'}
      </span>
    )}
  </div>
)

/** An answer, as far as it has come, and the money behind it; or the place where it will be. */
export function Answer({ shown, isComing, credit, paths }: AnswerProps) {
  if (!shown)
    return (
      <Card title="Answer">
        <p className="min-h-24 text-sm text-muted">
          It will be here, with what the call holds and costs, and its receipt.
        </p>
      </Card>
    )
  const { text, refused, trouble, begun } = shown
  const facts = factsOf(shown, paths)
  const isWhole = !isComing && text !== ''
  return (
    <Card title="Answer" aside={isWhole && <CopyButton text={text} what="the answer" />}>
      <div className="grid gap-4">
        {refused && <Refused {...{ refused, credit, paths }} />}
        {!refused && (begun || trouble === null) && <Words {...{ text, isComing }} />}
        {trouble !== null && <Trouble {...{ shown, paths }} />}
        {facts.length > 0 && (
          <div className="border-t border-line pt-4">
            <Facts facts={facts} />
          </div>
        )}
      </div>
    </Card>
  )
}
