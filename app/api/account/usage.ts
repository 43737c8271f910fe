import { limits } from '../../config/limits.ts'
import { badRequest, Refused } from '../../errors/refusal.ts'
import type { ApiRequest } from '../../http/http.server.ts'
import { readUsageQuery, sumModels, sumUsage, type Filter } from '../../usage/usage.server.ts'
import { clockMs } from '../../values/clock.ts'
import { addDays, countDays } from '../../values/days.ts'
import { formatUsd } from '../../values/money.ts'
import { dayIn } from '../../values/zones/zone-days.ts'
import { timeZoneOf } from '../../values/zones/zones.ts'
import type { KeyContext } from '../require-key.ts'
import { inSight, type Sight } from './sight.ts'

const { daysUsual, daysMax } = limits.usage.reads
const placesInLists = ['before', 'after', 'page', 'pageSize']

type Days = { from: string; to: string }

/**
 * By whose midnights days begin: UTC's unless said, so that what a program is answered does not
 * depend on what somebody chooses on a page.
 */
function zoneOf(params: URLSearchParams): string {
  const [text = '', ...more] = params.getAll('time_zone').filter((it) => it !== '')
  params.delete('time_zone')
  const zone = text === '' ? 'UTC' : timeZoneOf(text)
  if (zone !== undefined && more.length === 0) return zone
  throw badRequest('`time_zone` must be one time zone, such as Asia/Shanghai.', 'time_zone')
}

/** The days that are asked for; the last thirty unless said, and no more than there is room for. */
function daysOf({ from, to }: Pick<Filter, 'from' | 'to'>, zone: string): Days {
  const last = to ?? dayIn(zone, clockMs())
  const first = from ?? addDays(last, 1 - daysUsual)
  if (first > last) throw badRequest(`\`from\` must not be after ${last}.`, 'from')
  if (countDays(first, last) > daysMax)
    throw badRequest(`\`from\` and \`to\` are at most ${daysMax} days apart.`, 'from')
  return { from: first, to: last }
}

/** The filter of the usage page, from the same parameters, within what the key may see. */
function filterOf({ url }: ApiRequest, { keyId, userId }: Sight): Filter & Days {
  const { searchParams } = new URL(url)
  const place = placesInLists.find((name) => searchParams.has(name))
  if (place !== undefined) throw badRequest(`\`${place}\` is not a filter here.`, place)
  const zone = zoneOf(searchParams)
  const { filter, problems } = readUsageQuery(searchParams)
  const [problem] = problems
  if (problem) throw badRequest(`\`${problem.field}\` ${problem.message}.`, problem.field)
  if (keyId !== null && filter.keyId !== null && filter.keyId !== keyId) {
    const message = 'This API key has a budget of its own, and sees no calls of others.'
    throw new Refused('permission_denied', { message, param: 'key' })
  }
  return { ...filter, ...daysOf(filter, zone), keyId: keyId ?? filter.keyId, userId, zone }
}

type Totals = Awaited<ReturnType<typeof sumUsage>>['totals']

const sumsDocument = (sums: Totals) => ({
  calls: sums.calls,
  input_tokens: sums.inputTokens,
  cached_input_tokens: sums.cachedTokens,
  cache_write_tokens: sums.cacheWriteTokens,
  output_tokens: sums.outputTokens,
  reasoning_tokens: sums.reasoningTokens,
  cost_usd: formatUsd(sums.costNanos),
})

/**
 * `GET /v1/usage`: what calls come to by day of a zone, those without any too, and by model, for the
 * filters of the usage page. The same sums as there, from the rollups. Throws `Refused` for what is
 * no filter, or too many days.
 */
export const showDailyUsage = (request: ApiRequest, context: KeyContext) =>
  inSight(request, context, async (sight) => {
    const { db } = context.services
    const filter = filterOf(request, sight)
    const { days, totals } = await sumUsage(db, sight.accountId, filter)
    const models = await sumModels(db, sight.accountId, filter)
    return {
      object: 'usage',
      from: filter.from,
      to: filter.to,
      time_zone: filter.zone,
      total: sumsDocument(totals),
      days: days.map(({ day, ...sums }) => ({ day, ...sumsDocument(sums) })),
      models: models.map(({ model, calls, inputTokens, outputTokens, costNanos }) => ({
        model,
        calls,
        input_tokens: inputTokens,
        output_tokens: outputTokens,
        cost_usd: formatUsd(costNanos),
      })),
    }
  })
