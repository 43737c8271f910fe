import { formatUsd, formatUsdShort } from '../values/money.ts'

const withUnit = (text: string) => (text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`)

/** An amount, never rounded. `isAligned` writes all nine decimals, so that columns line up. */
export const Money = ({ nanos, isAligned }: { nanos: number; isAligned?: boolean }) => (
  <span className="tabular-nums">
    {withUnit(isAligned ? formatUsd(nanos) : formatUsdShort(nanos))}
  </span>
)

/** What there is of a balance, within a sentence; after a refund it may be less than nothing. */
export const BalanceLeft = ({ nanos }: { nanos: number }) =>
  nanos < 0 ? (
    <>
      the balance is <Money nanos={-nanos} /> below zero
    </>
  ) : (
    <>
      <Money nanos={nanos} /> of the balance is available
    </>
  )
