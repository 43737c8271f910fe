import { readKey, type ApiKey } from '../keys/keys.server.ts'
import { msg } from '../values/language/msg.ts'
import { may } from '../values/teams/roles.ts'
import { notFound, requireRight, type PersonalArgs } from './page.ts'

/** The key that the address names, when it is the person's to see and to change. */
export async function findOwnKey({ params, person, services }: PersonalArgs): Promise<ApiKey> {
  requireRight(person, 'manage-own-keys')
  const id = /^\d{1,15}$/.test(params.id ?? '') ? Number(params.id) : undefined
  const key = id === undefined ? undefined : await readKey(services.db, person.accountId, id)
  const isTheirs = key && (key.userId === person.userId || may(person.role, 'manage-all-keys'))
  if (!isTheirs) throw notFound(msg`You have no key with this number.`)
  return key
}
