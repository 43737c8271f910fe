import { data } from '@remix-run/node'
import { useLoaderData, useNavigation } from '@remix-run/react'
import { personalPage, whoseCalls } from '../../pages/pages.server.ts'
import {
  addressOf,
  chipsOf,
  presetsOf,
  readUsageAddress,
  redirectToPlain,
} from './address.server.ts'
import { readUsagePage } from './read.server.ts'
import {
  callPath,
  keysPath,
  usageCsvPath,
  usageDaysCsvPath,
  usageJsonLinesPath,
  usagePath,
} from '../../paths.ts'
import { filterParams } from '../../usage/usage.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { BadFilter, UsageSums } from '../../ui/account/usage-sums.tsx'
import { CallsTable } from '../../ui/account/calls-table.tsx'
import { outcomeWords } from '../../ui/account/outcome-words.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FileLink, TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Chips, TabLinks } from '../../ui/switch-links.tsx'
import { JumpForm } from './jump-form.tsx'
import { UsageFilter } from './usage-filter.tsx'
import { clockNow } from '../../values/clock.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('Usage')

const filesOf = (query: string) => [
  { text: 'Download CSV', to: `${usageCsvPath}?${query}` },
  { text: 'JSON lines', to: `${usageJsonLinesPath}?${query}` },
  { text: 'CSV by day', to: `${usageDaysCsvPath}?${query}` },
]

/**
 * `GET /usage`: the call history and what it comes to. `model`, `key`, `from`, `to`, `status`,
 * `outcome` narrow it; without `from` and `to` it has the last 30 days, with `days=all` all of them.
 * `before`, `after` or `page`, and `pageSize` say which calls are listed; `at` leads to those of a day.
 */
export const loader = personalPage(async ({ request, person, services: { db } }) => {
  const here = { zone: person.zone, now: clockNow() }
  redirectToPlain(request.url, here)
  const address = readUsageAddress(request.url, here)
  const { typed, problems, filter, paging, measure, days } = address
  const presets = presetsOf(address, here)
  const shared = {
    typed,
    problems,
    presets,
    rows: paging.rows,
    hidden: { ...(days === 'all' ? { days } : {}), ...(measure === 'cost' ? {} : { measure }) },
    today: dayIn(here.zone, here.now.getTime()),
    files: filesOf(filterParams(filter).toString()),
    all: addressOf(address, { filter: { from: null, to: null }, days: 'all' }),
  }
  if (problems.length) return data({ ...shared, measure, chips: [], page: null }, { status: 400 })
  filter.userId = whoseCalls(person)
  const page = await readUsagePage(db, person.accountId, address)
  const outcome = filter.outcome === null ? undefined : outcomeWords[filter.outcome]
  const isPreset = presets.some(({ isCurrent }) => isCurrent)
  const chips = chipsOf(address, { keyName: page.keyName, outcome, isPreset })
  return data({ ...shared, measure, chips, page })
})

const pageSizes = [25, 50, 100]
const noChoices = { models: [], keys: [], statuses: [], outcomes: [] }
const words = { cost: 'Cost', calls: 'Calls', tokens: 'Tokens' }

type Loaded = ReturnType<typeof useLoaderData<typeof loader>>

const NoCalls = ({ chips, presets, all }: Pick<Loaded, 'chips' | 'presets' | 'all'>) => {
  const isUsual = presets.some(({ isCurrent, text }) => isCurrent && text === '30 days')
  if (chips.length > 0 || !isUsual)
    return (
      <Empty title="No call matches this filter">
        <TextLink to={usagePath}>Show all calls</TextLink>
      </Empty>
    )
  return (
    <Empty title="No calls in the last 30 days">
      Look at <TextLink to={all}>all days</TextLink>, or make one with{' '}
      <TextLink to={keysPath}>one of your keys</TextLink>; it is listed here as soon as it has
      ended.
    </Empty>
  )
}

const narrowing = ['model', 'key', 'from', 'to', 'status', 'outcome', 'pageSize']

const Files = ({ files }: Pick<Loaded, 'files'>) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1">
    {files.map(({ to, text }) => (
      <li key={to}>
        <FileLink to={to}>{text}</FileLink>
      </li>
    ))}
  </ul>
)

/** The calls themselves, and ways to the others of the same filter. */
const Calls = (loaded: Loaded & { page: NonNullable<Loaded['page']> }) => {
  const { typed, hidden, today, page } = loaded
  const kept = Object.entries(typed).filter(([name]) => narrowing.includes(name))
  return (
    <Card
      title="Calls"
      aside={
        <>
          Newest first. <TimesIn />
        </>
      }
      isFlush
    >
      <JumpForm
        action={usagePath}
        hidden={{ ...Object.fromEntries(kept), ...hidden }}
        max={today}
      />
      {page.calls.length > 0 ? (
        <CallsTable label="Calls" calls={page.calls} pathOf={callPath} />
      ) : (
        <NoCalls {...loaded} />
      )}
      <Pager {...page.pages} />
    </Card>
  )
}

export default function Usage() {
  const loaded = useLoaderData<typeof loader>()
  const { typed, problems, measure, rows, page, files, presets, chips, hidden } = loaded
  const isPending = useNavigation().location?.pathname === usagePath
  return (
    <>
      <PageTitle aside={page && <Files files={files} />}>Usage</PageTitle>
      {!page && <BadFilter problems={problems} clear={usagePath} />}
      <Card title="Filter" aside={<span role="status">{isPending ? 'Filtering…' : ''}</span>}>
        <div className="grid gap-4">
          <TabLinks label="Days" links={presets} />
          <UsageFilter
            action={usagePath}
            typed={typed}
            errors={Object.fromEntries(problems.map(({ field, message }) => [field, message]))}
            choices={page?.choices ?? noChoices}
            rows={rows}
            pageSizes={[...new Set([...pageSizes, rows])].sort((a, b) => a - b)}
            hidden={hidden}
          />
          <Chips label="What the calls are filtered by" chips={chips} clear={usagePath} />
        </div>
      </Card>
      {page && (
        <>
          <UsageSums
            totals={page.totals}
            days={page.days}
            chart={page.chart}
            models={page.models}
            keys={page.keys}
            measure={measure}
            charts={page.charts.map((link) => ({ ...link, text: words[link.text] }))}
          />
          <Calls {...loaded} page={page} />
        </>
      )}
    </>
  )
}
