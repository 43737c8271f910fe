import { formatUsd, formatUsdShort } from '../values/money.ts'

const withUnit = (text: string) => (text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`)

/** An amount, never rounded. `isAligned` writes all nine decimals, so that columns line up. */
export const Money = ({ nanos, isAligned }: { nanos: number; isAligned?: boolean }) => (
  <span className="tabular-nums">
    {withUnit(isAligned ? formatUsd(nanos) : formatUsdShort(nanos))}
  </span>
)
