import { data, redirect } from '@remix-run/node'
import { useLoaderData, useNavigation } from '@remix-run/react'
import { personalPage, whoseCalls } from '../../pages/pages.server.ts'
import { presetsOf } from './presets.server.ts'
import { readUsageAddress, readUsagePage } from './read.server.ts'
import { callPath, keysPath, usageCsvPath, usagePath } from '../../paths.ts'
import { filterParams } from '../../usage/usage.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { BadFilter, UsageSums } from '../../ui/account/usage-sums.tsx'
import { CallsTable } from '../../ui/account/calls-table.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FileLink, TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { SwitchLinks } from '../../ui/switch-links.tsx'
import { UsageFilter } from './usage-filter.tsx'
import { clockNow } from '../../values/clock.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('Usage')

/** Forms send their empty fields too; the address that people keep is without them. */
function redirectFromEmpty(url: string) {
  const { pathname, searchParams } = new URL(url)
  const given = [...searchParams].filter(([, value]) => value !== '')
  if (given.length === [...searchParams].length) return
  const text = new URLSearchParams(given).toString()
  throw redirect(text ? `${pathname}?${text}` : pathname)
}

/**
 * `GET /usage`: the call history and what it comes to. `model`, `key`, `from`, `to`, `status`,
 * `outcome` narrow it; `before`, `after` or `page`, and `pageSize` say which calls are listed.
 */
export const loader = personalPage(async ({ request, person, services: { db } }) => {
  redirectFromEmpty(request.url)
  const query = readUsageAddress(request.url)
  query.filter.zone = person.zone
  const { typed, problems, filter, paging, measure } = query
  const shared = { typed, problems, measure, rows: paging.rows }
  const csv = `${usageCsvPath}?${filterParams(filter).toString()}`
  const presets = presetsOf(clockNow(), filter)
  if (problems.length) return data({ ...shared, csv, presets, page: null }, { status: 400 })
  query.filter.userId = whoseCalls(person)
  const page = await readUsagePage(db, person.accountId, query)
  return data({ ...shared, csv, presets, page })
})

const pageSizes = [25, 50, 100]
const noChoices = { models: [], keys: [], statuses: [], outcomes: [] }
const words = { cost: 'Cost', calls: 'Calls', tokens: 'Tokens' }

export default function Usage() {
  const { typed, problems, measure, rows, page, csv, presets } = useLoaderData<typeof loader>()
  const isPending = useNavigation().location?.pathname === usagePath
  const isNarrowed = Object.keys(typed).some((name) => name !== 'measure' && name !== 'pageSize')
  return (
    <>
      <PageTitle aside={page && <FileLink to={csv}>Download CSV</FileLink>}>Usage</PageTitle>
      {!page && <BadFilter problems={problems} clear={usagePath} />}
      <Card title="Filter" aside={<SwitchLinks label="Days" links={presets} />}>
        <UsageFilter
          action={usagePath}
          typed={typed}
          errors={Object.fromEntries(problems.map(({ field, message }) => [field, message]))}
          choices={page?.choices ?? noChoices}
          rows={rows}
          pageSizes={[...new Set([...pageSizes, rows])].sort((a, b) => a - b)}
          hidden={measure === 'cost' ? {} : { measure }}
          isPending={isPending}
        />
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
          <Card
            title="Calls"
            aside={
              <>
                Newest first. <TimesIn />
              </>
            }
            isFlush
          >
            {page.calls.length > 0 ? (
              <CallsTable label="Calls" calls={page.calls} pathOf={callPath} />
            ) : isNarrowed ? (
              <Empty title="No call matches this filter">
                <TextLink to={usagePath}>Show all calls</TextLink>
              </Empty>
            ) : (
              <Empty title="No calls yet">
                Make one with <TextLink to={keysPath}>one of your keys</TextLink>; it is listed here
                as soon as it has ended.
              </Empty>
            )}
            <Pager {...page.pages} />
          </Card>
        </>
      )}
    </>
  )
}
