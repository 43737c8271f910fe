import { formatUsd, formatUsdDown, formatUsdShort } from '../values/money.ts'
import type { Language } from '../values/language/languages.ts'
import { formatCount } from './format/numbers.tsx'
import { useLanguage } from './language/use-language.ts'

const withUnit = (text: string) => (text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`)

/**
 * Dollars that are written out, such as `-0.000150000`: zeros at the end that say nothing are there,
 * so that columns line up, and step back.
 */
export const Dollars = ({ text }: { text: string }) => {
  const [, figures = text, zeros = ''] = /^(.*\.\d\d\d*?)(0*)$/.exec(text) ?? []
  return (
    <span className="tabular-nums">
      {withUnit(figures)}
      {zeros && <span className="text-muted">{zeros}</span>}
    </span>
  )
}

/** An amount, never rounded. `isAligned` writes all nine decimals, so that columns line up. */
export const Money = ({ nanos, isAligned }: { nanos: number; isAligned?: boolean }) =>
  isAligned ? (
    <Dollars text={formatUsd(nanos)} />
  ) : (
    <span className="tabular-nums">{withUnit(formatUsdShort(nanos))}</span>
  )

/** What is less than a cent is not nothing. */
function atAGlance(nanos: number, text: string, language: Language): string {
  if (nanos > 0 && text === '0.00') return '< $0.01'
  const [dollars = '', cents = ''] = text.split('.')
  return withUnit(`${dollars === '-0' ? '-0' : formatCount(Number(dollars), language)}.${cents}`)
}

/** An amount to read at a glance, in whole cents rounded down; the exact one belongs beneath it. */
export const MoneyAtAGlance = ({ nanos }: { nanos: number }) => (
  <span className="tabular-nums">{atAGlance(nanos, formatUsdDown(nanos).text, useLanguage())}</span>
)

/** The exact amount, for beneath one that is rounded; null where that says all. */
export const exactMoney = (nanos: number) =>
  formatUsdDown(nanos).isExact ? null : <Money nanos={nanos} />
