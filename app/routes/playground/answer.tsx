import { Trans, useLingui } from '@lingui/react/macro'
import { CallEndBadge } from '../../ui/account/call-end.tsx'
import type { HowToAdd } from '../../ui/account/add-credit.tsx'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Facts, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Refused, Told, type AnswerPaths } from './refused.tsx'
import { costAbout, type Shown } from './said.ts'

type AnswerProps = { shown: Shown | null; isComing: boolean; credit: HowToAdd; paths: AnswerPaths }
type ShownProps = { shown: Shown; paths: AnswerPaths }

/** What the call holds and costs: about, while it goes on; then what was charged. */
function CallFacts({ shown, paths }: ShownProps) {
  const { t } = useLingui()
  const { begun, ended } = shown
  const holdNanos = ended?.holdNanos ?? begun?.holdNanos ?? null
  const about = ended ? null : costAbout(shown)
  const call = (ended ?? begun)?.call
  const facts: (Fact | false)[] = [
    ended !== null && { name: t`Outcome`, value: <CallEndBadge {...ended} /> },
    ended !== null && { name: t`Charged`, value: <Money nanos={ended.chargedNanos} /> },
    about !== null && {
      name: t`Cost so far`,
      value: (
        <Trans>
          about <Money nanos={about} />
        </Trans>
      ),
    },
    holdNanos !== null && { name: t`Held for it`, value: <Money nanos={holdNanos} /> },
    ended !== null && { name: t`Released`, value: <Money nanos={ended.releasedNanos} /> },
    call !== undefined && {
      name: t`Receipt`,
      value: (
        <TextLink to={paths.call(call)}>
          <Trans>Open the receipt</Trans>
        </TextLink>
      ),
    },
  ]
  const known = facts.filter((fact) => fact !== false)
  if (known.length === 0) return null
  return (
    <div className="border-t border-line pt-4">
      <Facts facts={known} />
    </div>
  )
}

function Trouble({ shown: { trouble, begun }, paths }: ShownProps) {
  const { t } = useLingui()
  if (trouble === null) return null
  return (
    <Notice tone="warn" title={begun ? t`This is not all of it` : t`It was not answered`} isAnswer>
      <p className="wrap-anywhere">
        <Told words={trouble} />
      </p>
      {!begun && (
        <p>
          <TextLink to={paths.calls}>
            <Trans>Open your calls</Trans>
          </TextLink>
        </p>
      )}
    </Notice>
  )
}

/** The words of an answer, as far as they have come. */
const AnswerText = ({ text, isComing }: { text: string; isComing: boolean }) => (
  <div
    aria-live="polite"
    aria-busy={isComing}
    className={`leading-7 whitespace-pre-wrap wrap-anywhere ${isComing ? 'min-h-24' : ''}`}
  >
    {text}
    {text === '' && (
      <span className="text-muted">
        {isComing ? (
          <Trans>Waiting for the first words…</Trans>
        ) : (
          <Trans>It said nothing in words.</Trans>
        )}
      </span>
    )}
  </div>
)

/** An answer, as far as it has come, and the money behind it; or the place where it will be. */
export function Answer({ shown, isComing, credit, paths }: AnswerProps) {
  const { t } = useLingui()
  if (!shown)
    return (
      <Card title={t`Answer`}>
        <p className="min-h-24 text-sm text-muted">
          <Trans>It will be here, with what the call holds and costs, and its receipt.</Trans>
        </p>
      </Card>
    )
  const { text, refused, trouble, begun } = shown
  const isWhole = !isComing && text !== ''
  return (
    <Card title={t`Answer`} aside={isWhole && <CopyButton text={text} what={t`the answer`} />}>
      <div className="grid gap-4">
        {refused && <Refused {...{ refused, credit, paths }} />}
        {!refused && (begun || trouble === null) && <AnswerText {...{ text, isComing }} />}
        <Trouble {...{ shown, paths }} />
        <CallFacts {...{ shown, paths }} />
      </div>
    </Card>
  )
}
