import { keyStatusOf, type ApiKey } from '../../keys/keys.server.ts'

/** A key as pages show it. */
export const keyRow = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  masked: `${key.prefix}…${key.lastFour}`,
  createdAt: key.createdAt,
  lastUsedAt: key.lastUsedAt,
  spentNanos: key.spentNanos,
  heldNanos: key.heldNanos,
  budgetNanos: key.budgetNanos,
  expiresAt: key.expiresAt,
  status: keyStatusOf(key),
  models: key.models === null ? null : (JSON.parse(key.models) as string[]),
  responsesAtChat: key.responsesAtChat === 1,
  revokedAt: key.revokedAt,
  disabledAt: key.disabledAt,
  disabledBy: key.disabledBy === null ? null : (key.disabledByName ?? 'somebody who is gone'),
  period: key.period,
  periodBudgetNanos: key.periodBudgetNanos,
  periodSpentNanos: key.periodSpentNanos ?? 0,
  periodEnds: key.periodEnds,
  addresses: key.addresses === null ? null : (JSON.parse(key.addresses) as string[]),
  oldUntil: key.oldUntil,
  isPlayground: key.isPlayground === 1,
})
