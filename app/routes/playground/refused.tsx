import { Trans, useLingui } from '@lingui/react/macro'
import { AddCreditHere, type HowToAdd } from '../../ui/account/add-credit.tsx'
import { Said } from '../../ui/language/said.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Dollars } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Refusal, Words } from './said.ts'

export type AnswerPaths = {
  call: (id: string) => string
  key: (id: number) => string
  keys: string
  calls: string
}

type RefusedProps = { refused: Refusal; credit: HowToAdd; paths: AnswerPaths }
type ForCredit = Extract<Refusal['way'], { to: 'credit' }>

/** Ours in the language of the page; those of the API as they are. */
export const Told = ({ words }: { words: Words }) =>
  typeof words === 'string' ? <span lang="en">{words}</span> : <Said text={words} />

/** What was needed and what there is, as the API says it, and where more can be had. */
const NoCredit = ({ way, credit }: { way: ForCredit; credit: HowToAdd }) => (
  <>
    {way.needed !== null && (
      <p>
        <Trans>
          It can cost up to <Dollars text={way.needed} />.
        </Trans>
      </p>
    )}
    {way.available !== null && (
      <p>
        <Trans>
          Available: <Dollars text={way.available} />
        </Trans>
      </p>
    )}
    {way.held !== undefined && Number(way.held) > 0 && (
      <p>
        <Trans>
          Held by calls under way: <Dollars text={way.held} />
        </Trans>
      </p>
    )}
    <AddCreditHere {...credit} />
  </>
)

/** Where to go on, and the receipt where there is one. */
const Ways = ({ refused: { way, call }, paths }: Omit<RefusedProps, 'credit'>) => (
  <>
    {way?.to === 'key' && (
      <p>
        <TextLink to={paths.key(way.keyId)}>
          <Trans>Open the key of the playground</Trans>
        </TextLink>
      </p>
    )}
    {way?.to === 'keys' && (
      <p>
        <TextLink to={paths.keys}>
          <Trans>Open your keys</Trans>
        </TextLink>
      </p>
    )}
    {call !== null && (
      <p>
        <TextLink to={paths.call(call)}>
          <Trans>Open the receipt</Trans>
        </TextLink>
      </p>
    )}
  </>
)

/** Why a call was not answered, and what can be done about it. */
export function Refused({ refused, credit, paths }: RefusedProps) {
  const { t } = useLingui()
  const { status, message, way } = refused
  if (way?.to === 'credit')
    return (
      <Notice tone="warn" title={t`There is not enough credit for this call`} isAnswer>
        <NoCredit way={way} credit={credit} />
        <Ways {...{ refused, paths }} />
      </Notice>
    )
  return (
    <Notice tone="bad" title={t`It was not answered`} isAnswer>
      <p className="wrap-anywhere">
        <Told words={message} />{' '}
        {status > 0 && (
          <span className="text-muted">
            <Trans>HTTP {status}</Trans>
          </span>
        )}
      </p>
      <Ways {...{ refused, paths }} />
    </Notice>
  )
}
