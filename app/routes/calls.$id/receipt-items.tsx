import type { Unit } from '../../values/units.ts'
import type { UsageFlag, UsageSource } from '../../values/usage-sources.ts'
import { flagWords, sourceWords, unitNames } from '../../ui/account/receipt-words.ts'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'

const number = new Intl.NumberFormat('en-US')

type Item = {
  unit: Unit
  count: number
  price: string
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
        reasoningInside: number
        items: Item[]
        sum: string
        isRounded: boolean
        multiplier: number
        upToInputTokens: number | null
      }
    | undefined
}

const heads = [
  { text: 'Tokens' },
  { text: 'Count', isNumber: true },
  { text: 'Price of a million', isNumber: true },
  { text: 'Amount', isNumber: true },
]

/** Tokens by class, times the price of each, to the cost. */
export const ReceiptItems = ({ call, itemized }: ReceiptItemsProps) => (
  <>
    {itemized && (
      <Table label="What it cost" heads={heads}>
        {itemized.items.map(({ unit, count, price, amount }) => (
          <Row key={unit}>
            <Cell narrow="max-lg:col-span-full max-lg:font-medium">
              {unitNames[unit]}
              {unit === 'output' && itemized.reasoningInside > 0 && (
                <span className="block text-xs text-muted">
                  {number.format(itemized.reasoningInside)} of them reasoning
                </span>
              )}
            </Cell>
            <Cell label="Count" isNumber>
              {number.format(count)}
            </Cell>
            <Cell label="Price of a million" isNumber>
              <span className="tabular-nums">${price}</span>
            </Cell>
            <Cell label="Amount" isNumber>
              <span className="tabular-nums">${amount}</span>
            </Cell>
          </Row>
        ))}
      </Table>
    )}
    <dl className="grid grid-cols-[1fr_auto] gap-x-4 gap-y-1 border-t border-line px-4 py-3 text-sm sm:px-6">
      {itemized?.isRounded && (
        <>
          <dt className="text-muted">Sum</dt>
          <dd className="text-right tabular-nums">${itemized.sum}</dd>
        </>
      )}
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
      {itemized ? (
        <p>
          Price {call.priceId}
          {call.priceFrom && `, in force since ${call.priceFrom.toISOString().slice(0, 10)}`}
          {itemized.upToInputTokens !== null &&
            `, for calls of up to ${number.format(itemized.upToInputTokens)} input tokens`}
          {itemized.multiplier !== 1 &&
            `, times ${itemized.multiplier} for the service tier “${call.serviceTier}”`}
          . A later change of prices does not change this receipt.
        </p>
      ) : (
        <p>Price {call.priceId} is no longer known here; the cost is what was booked.</p>
      )}
    </div>
  </>
)
