import type { LoaderFunctionArgs } from '@remix-run/node'
import type { Db } from '../db/db.server.ts'
import { daysOfFile, readUsageQuery, type Filter, type InTurn } from '../usage/usage.server.ts'
import { clockNow } from '../values/clock.ts'
import { personalFile, plainText, streamFile } from './file.ts'
import { whoseCalls } from './page.ts'

type Pieces = AsyncGenerator<string, void, undefined>
type UsageFile = {
  type: string
  /** What it is called, around its days. */
  begins: string
  ends: string
  pieces: (db: Db, accountId: number, filter: Filter, inTurn: InTurn) => Pieces
}

/** A loader that answers with a file about the calls of the filter that the usage page has. */
export const usageFile =
  ({ type, begins, ends, pieces }: UsageFile) =>
  (args: LoaderFunctionArgs) =>
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
      const name = `${begins}${await daysOfFile(db, accountId, filter, clockNow())}${ends}`
      const headers = {
        'content-type': type,
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
      const inTurn: InTurn = (work) => downloads.inTurn(accountId, work)
      const made = pieces(db, accountId, filter, inTurn)
      return new Response(streamFile(made, args.context.reader, end), { headers })
    })(args)
