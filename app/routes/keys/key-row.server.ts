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
  /** Null where nobody of the account did; the name where they are still there. */
  disabledBy: key.disabledBy === null ? null : { name: key.disabledByName },
  period: key.period,
  periodBudgetNanos: key.periodBudgetNanos,
  periodSpentNanos: key.periodSpentNanos ?? 0,
  periodEnds: key.periodEnds,
  addresses: key.addresses === null ? null : (JSON.parse(key.addresses) as string[]),
  oldUntil: key.oldUntil,
  isPlayground: key.isPlayground === 1,
})
