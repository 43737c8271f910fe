import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { CheckField } from '../../ui/field.tsx'
import { msg } from '../../values/language/msg.ts'

const words: Record<string, MessageDescriptor> = {
  'balance.low': msg`Credit is below the threshold`,
  'key.budget': msg`A key’s budget is 80 % spent, and when it is used up`,
  'plan.ends': msg`The plan ends`,
  'payment.received': msg`A payment has arrived`,
  'payment.refunded': msg`A payment was refunded`,
  'payment.disputed': msg`A payment is disputed`,
}

type KindsProps = { legend: string; kinds: { kind: string; isOn: boolean }[] }

/** Boxes to tick, one for each kind of notice. */
export function Kinds({ legend, kinds }: KindsProps) {
  const { t } = useLingui()
  const wordOf = (kind: string) => {
    const word = words[kind]
    return word ? t(word) : kind
  }
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-2 text-sm font-medium">{legend}</legend>
      {kinds.map(({ kind, isOn }) => (
        <CheckField key={kind} label={wordOf(kind)} name={kind} isTicked={isOn} />
      ))}
    </fieldset>
  )
}
