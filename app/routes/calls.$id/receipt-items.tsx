import { Select, Trans, useLingui } from '@lingui/react/macro'
import type { SaidForWord, Unit } from '../../values/units.ts'
import type { UsageFlag, UsageSource } from '../../values/usage-sources.ts'
import { flagWords, perWords, sourceWords, unitNames } from '../../ui/account/receipt-words.ts'
import { Count, formatCount } from '../../ui/format/numbers.tsx'
import { useLanguage } from '../../ui/language/use-language.ts'
import { Dollars, Money } from '../../ui/money.tsx'
import { Cell, inLines, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'

/** What of a call cannot be read any more, for which its receipt has no lines. */
type Unknown = 'price' | 'units'

type Item = {
  unit: Unit
  count: number
  price: string
  per: SaidForWord
  amount: string
}
type ReceiptItemsProps = {
  call: {
    costNanos: number
    inputTokens: number
    outputTokens: number
    usageSource: UsageSource
    usageFlag: UsageFlag | null
    priceId: number
    priceFrom: Date | null
    serviceTier: string | null
  }
  itemized:
    | {
        items: Item[]
        reasoningInside: number
        sum: string
        account: { times: number; sum: string } | null
        isRounded: boolean
        multiplier: number
        hasFees: boolean
        upToInputTokens: number | null
        when: string | null
      }
    | Unknown
}

const heads = [
  { text: msg`What` },
  { text: msg`Count`, isNumber: true },
  { text: msg`Price`, isNumber: true },
  { text: msg`Amount`, isNumber: true },
]

type Itemized = Exclude<ReceiptItemsProps['itemized'], string>

/** What was used, each with its price. */
const Lines = ({ itemized: { items, reasoningInside } }: { itemized: Itemized }) => {
  const { t } = useLingui()
  return (
    <Table label={t`What it cost`} heads={heads.map((head) => ({ ...head, text: t(head.text) }))}>
      {items.map(({ unit, count, price, per, amount }) => (
        <Row key={unit} narrow="lines">
          <Cell narrow={inLines.name}>
            {t(unitNames[unit])}
            {unit === 'output' && reasoningInside > 0 && (
              <span className="block text-xs text-muted">
                <Trans>
                  <Count of={reasoningInside} /> of them reasoning
                </Trans>
              </span>
            )}
          </Cell>
          <Cell label={t`Count`} isNumber narrow={inLines.left}>
            <Count of={count} />
          </Cell>
          <Cell
            label={t`Price`}
            isNumber
            narrow={`${inLines.middle} max-md:col-span-2 max-md:text-right`}
          >
            <span className="tabular-nums">${price}</span> {t(perWords[per])}
          </Cell>
          <Cell isNumber narrow={inLines.figure}>
            <Dollars text={amount} />
          </Cell>
        </Row>
      ))}
    </Table>
  )
}

/** From the sum of the lines to the cost, where they are not the same. */
const Sums = ({ itemized: { sum, account, isRounded } }: { itemized: Itemized }) => {
  const { times } = account ?? {}
  return (
    <>
      {(isRounded || account) && (
        <>
          <dt className="text-muted">
            <Trans>Sum</Trans>
          </dt>
          <dd className="text-right">
            <Dollars text={sum} />
          </dd>
        </>
      )}
      {account && (
        <>
          <dt className="text-muted">
            <Trans>Times {times}, which this account pays</Trans>
          </dt>
          <dd className="text-right">
            <Dollars text={account.sum} />
          </dd>
        </>
      )}
    </>
  )
}

/** A price that follows what the upstream takes has an id from here on, which says nothing to people. */
const firstOfUpstreams = 1_000_000_000_000
const kindOf = (id: number) => (id < firstOfUpstreams ? 'own' : 'listed')

type Priced = { call: ReceiptItemsProps['call'] }

/** Which price it was, and when and for what it holds. */
const ByPrice = ({ call, itemized }: Priced & { itemized: Itemized }) => {
  const { priceId: id, priceFrom, serviceTier: tier } = call
  const { when: hours, upToInputTokens, multiplier, hasFees } = itemized
  const language = useLanguage()
  const day = priceFrom && <Time at={priceFrom} to="day" />
  const most = upToInputTokens === null ? '' : formatCount(upToInputTokens, language)
  const kind = kindOf(id)
  const since = day ? 'known' : 'unknown'
  const at = hours === null ? 'all' : 'some'
  const upTo = most === '' ? 'any' : 'most'
  const ofTier = multiplier === 1 ? 'no' : hasFees ? 'fees' : 'all'
  return (
    <Trans>
      <Select
        value={kind}
        _own={`Price ${id}`}
        other="A price that follows the list of its upstream"
      />
      <Select value={since} _unknown="" other={<span>, in force since {day}</span>} />
      <Select value={at} _all="" other={`, at ${hours} UTC`} />
      <Select value={upTo} _any="" other={`, for calls of up to ${most} input tokens`} />
      <Select
        value={ofTier}
        _no=""
        _fees={`, times ${multiplier} for the service tier “${tier}”, which leaves fees of requests and searches as they are`}
        other={`, times ${multiplier} for the service tier “${tier}”`}
      />
      . A later change of prices does not change this receipt.
    </Trans>
  )
}

/** Why there are no lines. */
const WithoutLines = ({ call: { priceId: id }, unknown }: Priced & { unknown: Unknown }) => {
  const kind = kindOf(id)
  return unknown === 'price' ? (
    <Trans>
      <Select
        value={kind}
        _own={`Price ${id}`}
        other="A price that follows the list of its upstream"
      />{' '}
      is no longer known here; the cost is what was booked.
    </Trans>
  ) : (
    <Trans>
      <Select
        value={kind}
        _own={`Price ${id}`}
        other="A price that follows the list of its upstream"
      />{' '}
      is known, but what was used besides tokens cannot be read; the cost is what was booked.
    </Trans>
  )
}

/** What was used, times the price of each, to the cost. */
export const ReceiptItems = ({ call, itemized: found }: ReceiptItemsProps) => {
  const { t } = useLingui()
  const itemized = typeof found === 'string' ? undefined : found
  // Of what nobody used, no price says anything.
  const wasUsed = call.costNanos !== 0 || itemized?.items.some((item) => item.count > 0)
  return (
    <>
      {itemized && wasUsed && <Lines itemized={itemized} />}
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-t border-line px-4 py-3 text-sm sm:px-6">
        {itemized && <Sums itemized={itemized} />}
        <dt className="font-semibold">
          {itemized?.isRounded ? (
            <Trans>
              Cost<span className="font-normal text-muted">, rounded up once</span>
            </Trans>
          ) : (
            <Trans>Cost</Trans>
          )}
        </dt>
        <dd className="text-right font-semibold">
          <Money nanos={call.costNanos} isAligned />
        </dd>
      </dl>
      <div className="grid gap-1 px-4 pb-5 text-sm text-muted sm:px-6">
        <p>{t(sourceWords[call.usageSource])}</p>
        {call.usageFlag && <p>{t(flagWords[call.usageFlag])}</p>}
        {wasUsed && (
          <p>
            {typeof found === 'string' ? (
              <WithoutLines call={call} unknown={found} />
            ) : (
              <ByPrice call={call} itemized={found} />
            )}
          </p>
        )}
      </div>
    </>
  )
}
