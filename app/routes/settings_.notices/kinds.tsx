import { CheckField } from '../../ui/field.tsx'

const words: Record<string, string> = {
  'balance.low': 'Credit is below the threshold',
  'key.budget': 'A key’s budget is 80 % spent, and when it is used up',
  'plan.ends': 'The plan ends',
  'payment.received': 'A payment has arrived',
  'payment.refunded': 'A payment was refunded',
  'payment.disputed': 'A payment is disputed',
}

/** Boxes to tick, one for each kind of notice. */
export const Kinds = ({
  legend,
  kinds,
}: {
  legend: string
  kinds: { kind: string; isOn: boolean }[]
}) => (
  <fieldset className="grid gap-2">
    <legend className="mb-2 text-sm font-medium">{legend}</legend>
    {kinds.map(({ kind, isOn }) => (
      <CheckField key={kind} label={words[kind] ?? kind} name={kind} isTicked={isOn} />
    ))}
  </fieldset>
)
