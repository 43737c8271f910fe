import { readBuyer } from '../../accounts/accounts.server.ts'
import { findPerson } from '../../auth/auth.server.ts'
import { keyStatusOf, listKeys } from '../../keys/keys.server.ts'
import type { PageServices } from '../../services.ts'
import { plainFactor } from '../../values/factors.ts'
import { covers } from '../../values/model-scope.ts'
import { may } from '../../values/teams/roles.ts'
import { limits } from '../../config/limits.ts'

/** Who looks at models: what they pay of the prices, and what they may call. */
export type Buyer = {
  isSignedIn: boolean
  /** Whether they may have keys, and so try a model. */
  mayCall: boolean
  /** Basis points of the price. */
  factor: number
  /** Those that the account may call, as JSON; null for all. */
  groupModels: string | null
  /** Their keys that work, each with the models that it may call; null for all. */
  keys: { id: number; name: string; models: string[] | null }[]
}

const anybody: Buyer = {
  isSignedIn: false,
  mayCall: false,
  factor: plainFactor,
  groupModels: null,
  keys: [],
}

/** Whoever asks: anybody, or a person with what their account pays and the keys they may see. */
export async function findBuyer(request: Request, services: PageServices): Promise<Buyer> {
  const { db } = services
  const person = await findPerson(request, services)
  if (!person) return anybody
  const { accountId, userId, role } = person
  const whose = may(role, 'manage-all-keys') ? null : userId
  const mayCall = may(role, 'manage-own-keys')
  const [buyer, keys] = await Promise.all([
    readBuyer(db, accountId),
    mayCall ? listKeys(db, accountId, limits.keys.perAccountMax, whose) : [],
  ])
  return {
    isSignedIn: true,
    mayCall,
    factor: buyer?.factor ?? plainFactor,
    groupModels: buyer?.groupModels ?? null,
    keys: keys
      .filter((key) => ['active', 'spent'].includes(keyStatusOf(key)))
      .map(({ id, name, models }) => ({
        id,
        name,
        models: models === null ? null : (JSON.parse(models) as string[]),
      })),
  }
}

/** The buyer's keys that may call a model, and how many there are in all. */
export function keysFor({ keys, groupModels }: Buyer, model: string) {
  const able = covers(groupModels, model)
    ? keys.filter(({ models }) => models === null || models.includes(model))
    : []
  return { able: able.map(({ id, name }) => ({ id, name })), all: keys.length }
}
