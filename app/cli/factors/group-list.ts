import { listGroups } from '../../accounts/accounts.server.ts'
import { formatFactor } from '../../values/factors.ts'
import { done, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

export const groupListVerb: Verb = {
  usage: 'group list',
  does: 'Groups of accounts, and how many times the price they pay',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const groups = await listGroups(pool)
      const rows = groups.map(({ name, factor, members, createdAt }) => [
        name,
        formatFactor(factor),
        members,
        timeText(createdAt),
      ])
      const document = groups.map(({ name, factor, members, createdAt }) => ({
        name,
        factor: formatFactor(factor),
        members,
        created_at: timeText(createdAt),
      }))
      const text = table(['group', 'factor', 'accounts', 'created'], rows)
      return done({ groups: document }, text)
    },
}
