import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { AddCreditHere, type HowToAdd } from '../../ui/account/add-credit.tsx'
import { CallEndBadge } from '../../ui/account/call-end.tsx'
import type { CallEnd } from '../../ui/account/outcome-words.ts'
import { ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { msg } from '../../values/language/msg.ts'

type Call = CallEnd & { id: string; statusCode: number }

type FirstRunProps = {
  keyInUse: { name: string; masked: string } | null
  availableNanos: number | null
  hasCredit: boolean
  credit: HowToAdd
  /** A line that makes the call; null where no model is on sale. */
  curl: string | null
  /** The last that was tried, and not answered. */
  tried: Call | undefined
  paths: { keys: string; dashboard: string; playground: string; call: (id: string) => string }
}

const marks = {
  done: { sign: '✓', word: msg`(Done)`, look: 'border-good bg-good-soft text-good' },
  now: { sign: null, word: msg`(Now)`, look: 'border-accent bg-accent text-on-accent' },
  later: { sign: null, word: msg`(Later)`, look: 'border-line-strong text-muted' },
}
type StepState = keyof typeof marks

type StepProps = { number: number; state: StepState; title: string; children: ReactNode }

const Step = ({ number, state, title, children }: StepProps) => {
  const { t } = useLingui()
  const { sign, word, look } = marks[state]
  return (
    <li className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4">
      <span
        aria-hidden="true"
        className={`flex size-7 items-center justify-center rounded-full border text-sm font-semibold ${look}`}
      >
        {sign ?? number}
      </span>
      <div className="grid min-w-0 gap-2 text-sm">
        <h3 className="leading-7 font-semibold">
          {title} <span className="sr-only">{t(word)}</span>
        </h3>
        {children}
      </div>
    </li>
  )
}

/** What the third step waits for. It is read out when it changes. */
const Waiting = ({ tried, paths }: Pick<FirstRunProps, 'tried' | 'paths'>) => (
  <div aria-live="polite" className="grid gap-1">
    {tried && (
      <p>
        <Trans>
          The last call was not answered: <CallEndBadge {...tried} />{' '}
          <TextLink to={paths.call(tried.id)}>Why, and what to do</TextLink>
        </Trans>
      </p>
    )}
    <p className="flex items-center gap-2 text-muted">
      <span
        aria-hidden="true"
        className="size-2 rounded-full bg-accent motion-safe:animate-pulse"
      />
      <Trans>Waiting for your first call…</Trans>
      <noscript>
        <TextLink to={paths.dashboard}>
          <Trans>Look again</Trans>
        </TextLink>
      </noscript>
    </p>
  </div>
)

/** Three steps to the first answer, and where one is. */
export const FirstRun = (props: FirstRunProps) => {
  const { keyInUse, availableNanos, hasCredit, credit, curl, tried, paths } = props
  const { t } = useLingui()
  const { name, masked } = keyInUse ?? {}
  const isReady = keyInUse !== null && hasCredit
  return (
    <Card title={t`Three steps to your first answer`}>
      <ol className="grid gap-6">
        <Step number={1} state={keyInUse ? 'done' : 'now'} title={t`A key`}>
          {keyInUse ? (
            <p className="wrap-anywhere">
              <Trans>
                Your key “{name}” ({masked}) works. Its secret is not kept here: whoever has lost it{' '}
                <TextLink to={paths.keys}>makes another</TextLink>.
              </Trans>
            </p>
          ) : (
            <p>
              <Trans>
                You have no key that works. <TextLink to={paths.keys}>Create one</TextLink>
              </Trans>
            </p>
          )}
        </Step>
        <Step
          number={2}
          state={hasCredit ? 'done' : keyInUse ? 'now' : 'later'}
          title={hasCredit ? t`Credit` : t`Credit for your first call`}
        >
          {!hasCredit && (
            <p>
              <Trans>Your key works as soon as there is some.</Trans>
            </p>
          )}
          {!hasCredit && <AddCreditHere {...credit} />}
          {hasCredit && availableNanos === null && (
            <p>
              <Trans>There is credit for calls.</Trans>
            </p>
          )}
          {hasCredit && availableNanos !== null && (
            <p>
              <Trans>
                <Money nanos={availableNanos} /> are there for calls.
              </Trans>
            </p>
          )}
        </Step>
        <Step number={3} state={isReady ? 'now' : 'later'} title={t`A call`}>
          {isReady && (
            <div className="grid justify-items-start gap-2 pb-2">
              <ButtonLink to={paths.playground}>
                <Trans>Ask a model in the playground</Trans>
              </ButtonLink>
              <p className="text-muted">
                <Trans>Or call from a program:</Trans>
              </p>
            </div>
          )}
          {curl !== null && <Snippet title={t`Your first call`} text={curl} />}
          <Waiting tried={tried} paths={paths} />
        </Step>
      </ol>
    </Card>
  )
}
