import { logAdmin } from '../admin/admin.server.ts'
import { retain } from '../usage/usage.server.ts'
import { seedVerb } from './seed-calls.ts'
import { done, refused } from './verb-result.ts'
import type { Verb } from './verb.ts'

const retainVerb: Verb = {
  usage: 'retain --months N',
  does:
    'Drop the calls of all months before this one and the N before it; ' +
    'totals, the ledger and what verify needs are kept',
  prepare(args, now) {
    const months = args.whole('months', 1, 1, 1_200)
    return async ({ pool, hosts, actor }) => {
      const { dropped, ...end } = await retain(pool, hosts, { months, now })
      if (dropped.length > 0) {
        const detail = { months, dropped }
        await logAdmin(pool, { actor, action: 'retain', subject: 'calls', detail })
      }
      if (end.state === 'refused') {
        const why = `${end.why}: nothing ${dropped.length ? 'more ' : ''}was dropped.`
        return refused('not_droppable', why.slice(0, 1).toUpperCase() + why.slice(1))
      }
      const calls = dropped.reduce((sum, month) => sum + month.calls, 0)
      const text = dropped.length
        ? `Dropped ${dropped.length} months with ${calls} calls. Their totals are kept.`
        : 'There is no month to drop.'
      return done({ months, calls, dropped }, text)
    }
  },
}

export const historyVerbs = [retainVerb, seedVerb]
