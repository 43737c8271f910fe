import { randomBytes } from 'node:crypto'
import type { MessageDescriptor } from '@lingui/core'
import { changeAccount } from '../account-log/account-log.server.ts'
import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { isRolledBack, rollBack, run, type Db, type Pool } from '../db/db.server.ts'
import type { AccountNoticeKind } from '../values/notices/notice-kinds.ts'
import { secretOf, shownSecret } from './webhook-call.ts'
import { faultOfTarget } from './webhook-target.ts'

/** Who changes what of whose account. */
export type Actor = { accountId: number; userId: number }

type Secrets = Pick<Env, 'SESSION_SECRET' | 'ALLOW_PRIVATE_WEBHOOKS'>

/** What the settings show of it. */
export async function readWebhook(db: Db, accountId: number) {
  const found = await run(db, 'notices/read-webhook', { accountId })
  if (!found) return undefined
  const { url, muted, changedAt, oldSeed, oldUntil } = found
  return { url, muted: muted.split(','), changedAt, oldUntil: oldSeed ? oldUntil : null }
}

type WebhookSet =
  | { state: 'invalid'; fault: MessageDescriptor }
  | { state: 'changed' }
  | { state: 'made'; secret: string }

/**
 * Has an account's notices called out to an address. The first time the secret that signs them is
 * made, which is shown this once.
 */
export async function setWebhook(
  db: Pool,
  env: Secrets,
  actor: Actor,
  { url, muted }: { url: string; muted: AccountNoticeKind[] },
): Promise<WebhookSet> {
  const { accountId } = actor
  const fault = faultOfTarget(url, env.ALLOW_PRIVATE_WEBHOOKS)
  if (fault !== undefined) return { state: 'invalid', fault }
  const seed = randomBytes(16)
  // As it is called: a host in other letters is written in those that it is looked up by.
  const { href, host } = new URL(url)
  const set = await changeAccount(db, actor, 'webhook set', async ({ db: within, note }) => {
    await run(within, 'notices/settings/write-webhook', {
      accountId,
      url: href,
      seed,
      muted: muted.join(','),
    })
    await note(host)
    const kept = await run(within, 'notices/read-webhook', { accountId })
    return kept && seed.equals(kept.seed)
      ? { state: 'made' as const, secret: shownSecret(secretOf(env, seed)) }
      : { state: 'changed' as const }
  })
  return isRolledBack(set) ? { state: 'changed' } : set
}

/** A new secret, shown this once; the old one signs beside it for a day. */
export async function rotateWebhook(
  db: Pool,
  env: Secrets,
  actor: Actor,
): Promise<string | undefined> {
  const { accountId } = actor
  const seed = randomBytes(16)
  const hours = limits.notices.oldSecretHours
  const rotated = await changeAccount(db, actor, 'webhook rotate', async (change) => {
    const asked = { accountId, seed, hours }
    if ((await run(change.db, 'notices/settings/rotate-webhook', asked)) === 0)
      return rollBack('no webhook')
    await change.note('webhook')
    return true
  })
  return rotated === true ? shownSecret(secretOf(env, seed)) : undefined
}

export async function removeWebhook(db: Pool, actor: Actor): Promise<void> {
  await changeAccount(db, actor, 'webhook remove', async (change) => {
    const { accountId } = change
    if ((await run(change.db, 'notices/settings/delete-webhook', { accountId })) === 0)
      return rollBack('no webhook')
    await change.note('webhook')
    return undefined
  })
}
