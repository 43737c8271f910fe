import { readTimeZone, setTimeZone } from '../../accounts/accounts.server.ts'
import { logAdmin } from '../../admin/admin.server.ts'
import { timeZoneOf } from '../../values/zones/zones.ts'
import { done, noSuchAccount } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

export const timeZoneVerb: Verb = {
  usage: 'account zone <account> <zone>',
  does:
    'Have its days, weeks and months begin by the midnights of a time zone such as Asia/Shanghai; ' +
    'periods that have begun end when they would have',
  prepare(args) {
    const accountId = args.whole('account', 0)
    const zone = timeZoneOf(args.all('zone')[0] ?? '')
    if (zone === undefined && args.all('zone').length > 0)
      args.problems.push('zone must be a time zone such as Europe/Berlin or UTC')
    return async ({ pool, actor }) => {
      if ((await readTimeZone(pool, accountId)) === undefined) return noSuchAccount(accountId)
      const changed = await setTimeZone(pool, { accountId, zone: zone ?? 'UTC', userId: null })
      const document = { id: accountId, time_zone: zone }
      const subject = `account ${accountId}`
      if (changed)
        await logAdmin(pool, { actor, action: 'account zone', subject, detail: document })
      const is = changed ? 'is now' : 'was already'
      return done({ ...document, changed }, `The time zone of account ${accountId} ${is} ${zone}.`)
    }
  },
}
