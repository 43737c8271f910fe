import { listGroups } from '../../accounts/accounts.server.ts'
import { formatFactor } from '../../values/factors.ts'
import { done, table, timeText } from '../verb-result.ts'
import type { Verb } from '../verb.ts'

export const groupListVerb: Verb = {
  usage: 'group list',
  does: 'Groups of accounts, how many times the price they pay, and the models they may call',
  isReading: true,
  prepare:
    () =>
    async ({ pool }) => {
      const groups = await listGroups(pool)
      const rows = groups.map(({ name, factor, members, models, createdAt }) => [
        name,
        formatFactor(factor),
        members,
        models === null ? 'all' : (JSON.parse(models) as string[]).join(', '),
        timeText(createdAt),
      ])
      const document = groups.map(({ name, factor, members, models, createdAt }) => ({
        name,
        factor: formatFactor(factor),
        members,
        models: models === null ? null : (JSON.parse(models) as string[]),
        created_at: timeText(createdAt),
      }))
      const text = table(['group', 'factor', 'accounts', 'models', 'created'], rows)
      return done({ groups: document }, text)
    },
}
