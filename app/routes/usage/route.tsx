import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useLoaderData, useNavigation } from '@remix-run/react'
import { personalPage, whoseCalls } from '../../pages/pages.server.ts'
import {
  addressOf,
  chipsOf,
  clearOf,
  keptOf,
  pageSizesOf,
  presetsOf,
  readUsageAddress,
  redirectToPlain,
} from './address.server.ts'
import { readUsagePage } from './read.server.ts'
import { usageCsvPath, usageDaysCsvPath, usageJsonLinesPath, usagePath } from '../../paths.ts'
import { filterParams } from '../../usage/usage.server.ts'
import { titled } from '../../ui/brand/titled.ts'
import { BadFilter, UsageSums } from '../../ui/account/usage-sums.tsx'
import { FileLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { CallsCard } from './calls-card.tsx'
import { FilterCard } from './filter-card.tsx'
import { msg } from '../../values/language/msg.ts'
import { clockNow } from '../../values/clock.ts'
import { dayIn } from '../../values/zones/zone-days.ts'

export const meta = titled(msg`Usage`)

/**
 * `GET /usage`: the call history and what it comes to. `model`, `key`, `from`, `to`, `status`,
 * `outcome` narrow it; without `from` and `to` it has the last 30 days, with `days=all` all of
 * them. `before`, `after` or `page`, and `pageSize` say which calls are listed; `at` leads to those
 * of a day.
 */
export const loader = personalPage(async ({ request, person, services: { db } }) => {
  const here = { zone: person.zone, now: clockNow() }
  redirectToPlain(request.url, here)
  const address = readUsageAddress(request.url, here)
  const { typed, problems, filter, measure, days } = address
  const presets = presetsOf(address, here)
  const shared = {
    typed,
    problems,
    presets,
    hidden: { ...(days === 'all' ? { days } : {}), ...keptOf(address) },
    today: dayIn(here.zone, here.now.getTime()),
    query: filterParams(filter).toString(),
    clear: clearOf(address),
    all: addressOf(address, { filter: { from: null, to: null }, days: 'all' }),
    measure,
  }
  if (problems.length) return data({ ...shared, chips: [], page: null }, { status: 400 })
  filter.userId = whoseCalls(person)
  const page = await readUsagePage(db, person.accountId, address, here.now)
  const chips = chipsOf(
    address,
    presets.some(({ isCurrent }) => isCurrent),
  )
  return data({ ...shared, chips, page: { ...page, sizes: pageSizesOf(address) } })
})

const noChoices = { models: [], keys: [], statuses: [], outcomes: [] }
const stackedBy = { model: msg`By model`, key: msg`By key` }
const words = { cost: msg`Cost`, calls: msg`Calls`, tokens: msg`Tokens` }

/** What the filter lets through, as files. */
const Files = ({ query }: { query: string }) => (
  <ul className="flex flex-wrap gap-x-4 gap-y-1">
    <li>
      <FileLink to={`${usageCsvPath}?${query}`}>
        <Trans>Download CSV</Trans>
      </FileLink>
    </li>
    <li>
      <FileLink to={`${usageJsonLinesPath}?${query}`}>
        <Trans>JSON lines</Trans>
      </FileLink>
    </li>
    <li>
      <FileLink to={`${usageDaysCsvPath}?${query}`}>
        <Trans>CSV by day</Trans>
      </FileLink>
    </li>
  </ul>
)

export default function Usage() {
  const { t } = useLingui()
  const loaded = useLoaderData<typeof loader>()
  const { typed, problems, measure, page, query, presets, chips, hidden, clear } = loaded
  const isPending = useNavigation().location?.pathname === usagePath
  return (
    <>
      <PageTitle aside={page && <Files query={query} />}>
        <Trans>Usage</Trans>
      </PageTitle>
      {!page && <BadFilter problems={problems} clear={usagePath} />}
      <FilterCard
        action={usagePath}
        typed={typed}
        errors={Object.fromEntries(problems.map(({ field, message }) => [field, message]))}
        choices={page?.choices ?? noChoices}
        hidden={hidden}
        presets={presets}
        chips={chips}
        clear={clear}
        keyName={page?.keyName}
        isPending={isPending}
      />
      {page && (
        <div
          aria-busy={isPending}
          className="grid min-w-0 grid-cols-1 gap-6 transition-opacity aria-busy:opacity-60"
        >
          <UsageSums
            {...page}
            measure={measure}
            charts={page.charts.map((link) => ({ ...link, text: t(words[link.text]) }))}
            stacks={page.stacks.map((link) => ({ ...link, text: t(stackedBy[link.text]) }))}
          />
          <CallsCard {...loaded} page={page} />
        </div>
      )}
    </>
  )
}
