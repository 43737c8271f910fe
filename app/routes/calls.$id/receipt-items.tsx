import { useContext } from 'react'
import type { Unit } from '../../values/units.ts'
import type { UsageFlag, UsageSource } from '../../values/usage-sources.ts'
import {
  feeWords,
  flagWords,
  sourceWords,
  priceName,
  unitNames,
  unknownWords,
} from '../../ui/account/receipt-words.ts'
import { formatCount } from '../../ui/format/numbers.tsx'
import { Dollars, Money } from '../../ui/money.tsx'
import { Cell, inLines, Row, Table } from '../../ui/table.tsx'
import { dayShown } from '../../ui/time.tsx'
import { Zone } from '../../ui/zone/zone.tsx'

type Item = {
  unit: Unit
  count: number
  price: string
  per: 'each' | 'a thousand' | 'a million'
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
    | keyof typeof unknownWords
}

const heads = [
  { text: 'What' },
  { text: 'Count', isNumber: true },
  { text: 'Price', isNumber: true },
  { text: 'Amount', isNumber: true },
]

type Itemized = Exclude<ReceiptItemsProps['itemized'], string>

/** What was used, each with its price. */
const Lines = ({ itemized: { items, reasoningInside } }: { itemized: Itemized }) => (
  <Table label="What it cost" heads={heads}>
    {items.map(({ unit, count, price, per, amount }) => (
      <Row key={unit} narrow="lines">
        <Cell narrow={inLines.name}>
          {unitNames[unit]}
          {unit === 'output' && reasoningInside > 0 && (
            <span className="block text-xs text-muted">
              {formatCount(reasoningInside)} of them reasoning
            </span>
          )}
        </Cell>
        <Cell label="Count" isNumber narrow={inLines.left}>
          {formatCount(count)}
        </Cell>
        <Cell
          label="Price"
          isNumber
          narrow={`${inLines.middle} max-md:col-span-2 max-md:text-right`}
        >
          <span className="tabular-nums">${price}</span> {per}
        </Cell>
        <Cell isNumber narrow={inLines.figure}>
          <Dollars text={amount} />
        </Cell>
      </Row>
    ))}
  </Table>
)

/** From the sum of the lines to the cost, where they are not the same. */
const Sums = ({ itemized: { sum, account, isRounded } }: { itemized: Itemized }) => (
  <>
    {(isRounded || account) && (
      <>
        <dt className="text-muted">Sum</dt>
        <dd className="text-right">
          <Dollars text={sum} />
        </dd>
      </>
    )}
    {account && (
      <>
        <dt className="text-muted">Times {account.times}, which this account pays</dt>
        <dd className="text-right">
          <Dollars text={account.sum} />
        </dd>
      </>
    )}
  </>
)

/** Which price it was, and when and for what it holds. */
function priceWords(
  { priceId, priceFrom, serviceTier }: ReceiptItemsProps['call'],
  of: Itemized,
  zone: string,
) {
  const parts = [
    priceName(priceId),
    priceFrom && `in force since ${dayShown(priceFrom, zone)}`,
    of.when !== null && `at ${of.when} UTC`,
    of.upToInputTokens !== null &&
      `for calls of up to ${formatCount(of.upToInputTokens)} input tokens`,
    of.multiplier !== 1 && `times ${of.multiplier} for the service tier “${serviceTier}”`,
    of.multiplier !== 1 && of.hasFees && feeWords,
  ]
  const words = parts.filter((part) => part !== null && part !== false).join(', ')
  return `${words}. A later change of prices does not change this receipt.`
}

/** What was used, times the price of each, to the cost. */
export const ReceiptItems = ({ call, itemized: found }: ReceiptItemsProps) => {
  const zone = useContext(Zone)
  const itemized = typeof found === 'string' ? undefined : found
  // Of what nobody used, no price says anything.
  const wasUsed = call.costNanos !== 0 || itemized?.items.some((item) => item.count > 0)
  return (
    <>
      {itemized && wasUsed && <Lines itemized={itemized} />}
      <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-t border-line px-4 py-3 text-sm sm:px-6">
        {itemized && <Sums itemized={itemized} />}
        <dt className="font-semibold">
          Cost
          {itemized?.isRounded && <span className="font-normal text-muted">, rounded up once</span>}
        </dt>
        <dd className="text-right font-semibold">
          <Money nanos={call.costNanos} isAligned />
        </dd>
      </dl>
      <div className="grid gap-1 px-4 pb-5 text-sm text-muted sm:px-6">
        <p>{sourceWords[call.usageSource]}</p>
        {call.usageFlag && <p>{flagWords[call.usageFlag]}</p>}
        {wasUsed && (
          <p>
            {typeof found === 'string'
              ? `${priceName(call.priceId)} ${unknownWords[found]}`
              : priceWords(call, found, zone)}
          </p>
        )}
      </div>
    </>
  )
}
