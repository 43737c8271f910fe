import { data } from '@remix-run/node'
import type { Person } from '../auth/auth.server.ts'
import type { Db } from '../db/db.server.ts'
import { listAccountsOf } from '../teams/teams.server.ts'
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
  const here = now ?? { id: person.accountId, name: `No. ${person.accountId}` }
  const message = then
    ? `You have switched to “${here.name}” since this page was opened for “${then.name}”. Nothing was changed in either.`
    : `You work in “${here.name}” now, and this page was opened for an account that you are not in. Nothing was changed.`
  throw data({ message, accounts: { now: here, then } }, { status: 409 })
}
