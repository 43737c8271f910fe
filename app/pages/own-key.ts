import { readKey, type ApiKey } from '../keys/keys.server.ts'
import { notFound, type PersonalArgs } from './page.ts'

/** The key that the address names, when it is the person's own. */
export async function findOwnKey({ params, person, services }: PersonalArgs): Promise<ApiKey> {
  const id = /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : undefined
  const key = id === undefined ? undefined : await readKey(services.db, person.accountId, id)
  if (!key) throw notFound('You have no key with this number.')
  return key
}
