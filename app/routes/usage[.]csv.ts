import type { LoaderFunctionArgs } from '@remix-run/node'
import { personalFile, plainText, streamFile, whoseCalls } from '../pages/pages.server.ts'
import { csvName, readUsageQuery, streamCsv } from '../usage/usage.server.ts'
import { clockNow } from '../values/clock.ts'

/** `GET /usage.csv`: every call of the filter that the usage page has, newest first, in RFC 4180. */
export const loader = (args: LoaderFunctionArgs) =>
  personalFile(async ({ request, person, services, leave }) => {
    const { accountId } = person
    const { db, downloads, refusals } = services
    const { filter, problems } = readUsageQuery(new URL(request.url).searchParams)
    if (problems.length) {
      const said = problems.map(({ field, message }) => `${field} ${message}`)
      return plainText(400, ['This filter cannot be understood:', ...said].join('\n'))
    }
    filter.userId = whoseCalls(person)
    filter.zone = person.zone
    const name = await csvName(db, accountId, filter, clockNow())
    const headers = {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'no-store',
    }
    if (request.method === 'HEAD') return new Response(null, { headers })
    const end = downloads.begin(accountId)
    if (!end) {
      leave()
      await refusals.wait(accountId)
      return plainText(429, 'Too many downloads are under way. Try again when one has ended.')
    }
    const pieces = streamCsv(db, accountId, filter, (work) => downloads.inTurn(accountId, work))
    return new Response(streamFile(pieces, args.context.reader, end), { headers })
  })(args)
