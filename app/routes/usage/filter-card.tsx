import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { outcomeWord } from '../../ui/account/outcome-words.ts'
import { Chips, SwitchLinks } from '../../ui/switch-links.tsx'
import { msg } from '../../values/language/msg.ts'
import type { Outcome } from '../../values/outcomes.ts'
import type { Preset } from './address.server.ts'
import { UsageFilter, type UsageFilterProps } from './usage-filter.tsx'

type Chip = {
  field: 'days' | 'from' | 'to' | 'model' | 'key' | 'status' | 'outcome'
  value: string
  to: string
}
type FilterCardProps = UsageFilterProps & {
  presets: { name: Preset; to: string; isCurrent: boolean }[]
  chips: Chip[]
  /** The address without a filter. */
  clear: string
  /** What the key is called that the calls are narrowed to. */
  keyName: string | undefined
  isPending: boolean
}

const presetWords: Record<Preset, MessageDescriptor> = {
  today: msg`Today`,
  '7': msg`7 days`,
  '30': msg`30 days`,
  '90': msg`90 days`,
  all: msg`All`,
}

const chipWords = {
  from: msg`From {value}`,
  to: msg`To {value}`,
  model: msg`Model: {value}`,
  key: msg`Key: {value}`,
  status: msg`Status: {value}`,
  outcome: msg`Outcome: {value}`,
}
/** Which calls are looked at: the last days as tabs, everything else as fields, and what is on. */
export const FilterCard = (props: FilterCardProps) => {
  const { t } = useLingui()
  const { presets, chips, clear, keyName, isPending, ...filter } = props
  const valueOf = ({ field, value }: Chip) => {
    if (field === 'key') return keyName ?? `#${value}`
    // The filter was read by the same list.
    return field === 'outcome' ? t(outcomeWord(value as Outcome)) : value
  }
  const say = (chip: Chip) => {
    if (chip.field === 'days') return chip.value
    const words: MessageDescriptor = { ...chipWords[chip.field], values: { value: valueOf(chip) } }
    return t(words)
  }
  return (
    <section
      aria-label={t`Filter`}
      className="rounded-lg border border-line bg-surface shadow-card print:hidden"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 sm:px-6">
        <SwitchLinks
          look="tabs"
          label={t`Days`}
          links={presets.map(({ name, ...link }) => ({ ...link, text: t(presetWords[name]) }))}
        />
        <span role="status" className="text-sm text-muted">
          {isPending ? t`Filtering…` : ''}
        </span>
      </div>
      <div className="grid gap-3 px-4 py-3 sm:px-6 md:py-4">
        <UsageFilter {...filter} />
        <Chips
          label={t`What the calls are filtered by`}
          chips={chips.map((chip) => ({ to: chip.to, text: say(chip) }))}
          clear={clear}
        />
      </div>
    </section>
  )
}
