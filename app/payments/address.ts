import { changeAccount, type Author } from '../account-log/account-log.server.ts'
import { limits } from '../config/limits.ts'
import { run, type Db, type Pool } from '../db/db.server.ts'
import { charactersIn } from '../values/characters.ts'

/** Whom receipts of an account are made out to; its name where nobody has said more. */
export async function readBillingAddress(db: Db, accountId: number) {
  const { name = '', address = null } =
    (await run(db, 'payments/orders/read-address', { accountId })) ?? {}
  return { name, address }
}

/** Lines of plain text; false where they are more than there is room for. An empty one is none. */
export async function writeBillingAddress(pool: Pool, author: Author, text: string) {
  const address = text.replaceAll('\r\n', '\n').trim()
  if (charactersIn(address) > limits.payments.addressCharsMax || /[^\P{Cc}\n]/u.test(address))
    return false
  await changeAccount(pool, author, 'billing address set', async ({ db, accountId, note }) => {
    await run(db, 'payments/orders/write-address', { accountId, address: address || null })
    await note(`account ${accountId}`)
  })
  return true
}
