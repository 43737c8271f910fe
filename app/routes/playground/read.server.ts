import { readBuyer } from '../../accounts/accounts.server.ts'
import type { Person } from '../../auth/auth.server.ts'
import { limits } from '../../config/limits.ts'
import { playgroundModels } from '../../keys/keys.server.ts'
import { clientsOf } from '../../pages/pages.server.ts'
import { contactUrl, readTopUpWays } from '../../payments/payments.server.ts'
import type { PageServices } from '../../services.ts'
import { clockNow } from '../../values/clock.ts'
import { covers } from '../../values/model-scope.ts'
import { may } from '../../values/teams/roles.ts'
import { isTalkedTo } from '../models/offered.server.ts'

const { dayBudgetNanos, modelsShownMax, textCharsMax } = limits.playground

/** The models that an account may call, or its key for the playground; null for all. */
type Scopes = { group: string | null; key: string | null }

/**
 * Models to choose from: those on sale that are talked to. Chosen is the one that is asked for,
 * else the one that programs are set up with.
 */
function chatModels(services: PageServices, { group, key }: Scopes, asked: string | null) {
  const able = services.catalog
    .list(clockNow())
    .filter(isTalkedTo)
    .filter(({ name }) => covers(group, name) && covers(key, name))
  const usual = clientsOf(services).models.chat
  const wanted =
    able.find(({ name, aliases }) => asked === name || aliases.includes(asked ?? '')) ??
    able.find(({ name }) => name === usual)
  const names = able.slice(0, modelsShownMax).map(({ name }) => name)
  if (wanted && !names.includes(wanted.name)) names.unshift(wanted.name)
  return { names, chosen: wanted?.name, isCut: able.length > names.length }
}

/** What the form offers to somebody; `asked` is the model that the address names. */
export async function readPlayground(
  services: PageServices,
  { accountId, userId, role }: Person,
  asked: string | null,
) {
  const { db, env } = services
  const [buyer, key, ways] = await Promise.all([
    readBuyer(db, accountId),
    playgroundModels(db, { accountId, userId }),
    readTopUpWays(db, env),
  ])
  return {
    models: chatModels(services, { group: buyer?.groupModels ?? null, key }, asked),
    budgetNanos: dayBudgetNanos,
    textCharsMax,
    mayAdd: may(role, 'manage-money'),
    ways: { ...ways, contactUrl: contactUrl(ways.contact) ?? null },
  }
}
