import { AddCreditHere, type HowToAdd } from '../../ui/account/add-credit.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Dollars } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { Refusal } from './said.ts'

export type AnswerPaths = {
  call: (id: string) => string
  key: (id: number) => string
  keys: string
  calls: string
}

type RefusedProps = { refused: Refusal; credit: HowToAdd; paths: AnswerPaths }
type ForCredit = Extract<Refusal['way'], { to: 'credit' }>

/** What was needed and what there is, as the API says it, and where more can be had. */
const NoCredit = ({ way, credit }: { way: ForCredit; credit: HowToAdd }) => (
  <>
    {way.needed !== null && (
      <p>
        It can cost up to <Dollars text={way.needed} />.
      </p>
    )}
    {way.available !== null && (
      <p>
        Available: <Dollars text={way.available} />
      </p>
    )}
    {way.held !== undefined && Number(way.held) > 0 && (
      <p>
        Held by calls under way: <Dollars text={way.held} />
      </p>
    )}
    <AddCreditHere {...credit} />
  </>
)

/** Why a call was not answered, and where to go on. */
export const Refused = ({ refused, credit, paths }: RefusedProps) => {
  const { status, message, call, way } = refused
  const isForCredit = way?.to === 'credit'
  return (
    <Notice
      tone={isForCredit ? 'warn' : 'bad'}
      title={isForCredit ? 'There is not enough credit for this call' : 'It was not answered'}
      isAnswer
    >
      {isForCredit ? (
        <NoCredit way={way} credit={credit} />
      ) : (
        <p className="wrap-anywhere">
          {message} {status > 0 && <span className="text-muted">HTTP {status}</span>}
        </p>
      )}
      {way?.to === 'key' && (
        <p>
          <TextLink to={paths.key(way.keyId)}>Open the key of the playground</TextLink>
        </p>
      )}
      {way?.to === 'keys' && (
        <p>
          <TextLink to={paths.keys}>Open your keys</TextLink>
        </p>
      )}
      {call !== null && (
        <p>
          <TextLink to={paths.call(call)}>Open the receipt</TextLink>
        </p>
      )}
    </Notice>
  )
}
