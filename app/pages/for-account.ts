import { data } from '@remix-run/node'
import type { Person } from '../auth/auth.server.ts'
import type { Db } from '../db/db.server.ts'
import { listAccountsOf } from '../teams/teams.server.ts'
import { msg } from '../values/language/msg.ts'
import { forAccountField } from '../values/teams/for-account.ts'

/**
 * Ends a form (409) that was shown for another account than its session works in by now: somebody
 * has switched in another window, or was taken out of the account. What names no account (a
 * program, a page of an older release) is let through.
 */
export async function refuseOtherAccount(request: Request, person: Person, db: Db): Promise<void> {
  if (request.body === null) return
  const read = request.clone().formData()
  // Of what is no form its action says so.
  const form = await read.catch(() => undefined)
  const other = form?.getAll(forAccountField).find((said) => said !== String(person.accountId))
  if (other === undefined) return
  const accounts = await listAccountsOf(db, person)
  const now = accounts.find(({ id }) => id === person.accountId)
  const then = accounts.find(({ id }) => String(id) === other) ?? null
  const here = now ?? { id: person.accountId, name: `#${person.accountId}` }
  const [hereName, thenName] = [here.name, then?.name]
  const message = then
    ? msg`You have switched to “${hereName}” since this page was opened for “${thenName}”. Nothing was changed in either.`
    : msg`You work in “${hereName}” now, and this page was opened for an account that you are not in. Nothing was changed.`
  throw data({ message, accounts: { now: here, then } }, { status: 409 })
}
