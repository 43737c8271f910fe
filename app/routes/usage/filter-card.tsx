import { useLingui } from '@lingui/react'
import { outcomeWord } from '../../ui/account/outcome-words.ts'
import { Chips, TabLinks } from '../../ui/switch-links.tsx'
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

const presetWords: Record<Preset, string> = {
  today: 'Today',
  '7': '7 days',
  '30': '30 days',
  '90': '90 days',
  all: 'All',
}

function chipWords(
  { field, value }: Chip,
  keyName: string | undefined,
  sayOutcome: (outcome: Outcome) => string,
): string {
  switch (field) {
    case 'days':
      return value
    case 'from':
      return `From ${value}`
    case 'to':
      return `To ${value}`
    case 'model':
      return `Model: ${value}`
    case 'key':
      return `Key: ${keyName || `No. ${value}`}`
    case 'status':
      return `Status: ${value}`
    case 'outcome':
      // The filter was read by the same list.
      return `Outcome: ${sayOutcome(value as Outcome)}`
  }
}

/** Which calls are looked at: the last days as tabs, everything else as fields, and what is on. */
export const FilterCard = (props: FilterCardProps) => {
  const { i18n } = useLingui()
  const sayOutcome = (outcome: Outcome) => i18n._(outcomeWord(outcome))
  const { presets, chips, clear, keyName, isPending, ...filter } = props
  return (
    <section
      aria-label="Filter"
      className="rounded-lg border border-line bg-surface shadow-card print:hidden"
    >
      <div className="flex flex-wrap items-center justify-between gap-x-4 border-b border-line px-4 sm:px-6">
        <TabLinks
          label="Days"
          links={presets.map(({ name, ...link }) => ({ ...link, text: presetWords[name] }))}
        />
        <span role="status" className="text-sm text-muted">
          {isPending ? 'Filtering…' : ''}
        </span>
      </div>
      <div className="grid gap-3 px-4 py-3 sm:px-6 md:py-4">
        <UsageFilter {...filter} />
        <Chips
          label="What the calls are filtered by"
          chips={chips.map((chip) => ({ to: chip.to, text: chipWords(chip, keyName, sayOutcome) }))}
          clear={clear}
        />
      </div>
    </section>
  )
}
