import { findAccountByKey } from '../../accounts/accounts.server.ts'
import { logAdmin } from '../../admin/admin.server.ts'
import { byNameOf, readModels } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import {
  changeKey,
  readKey,
  rotateKey,
  setDisabled,
  versionOf,
  type ApiKey,
  type NewKey,
} from '../../keys/keys.server.ts'
import type { AdminAction } from '../../values/admin-actions.ts'
import type { Context } from '../context.ts'
import { done, facts, refused, timeText, type VerbResult } from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import { fieldsOf, givenFields, limitsOf, namedModels } from './key-fields.ts'
import { whenRevocationIsKnown } from './key-verbs.ts'

const { rotateHoursMax } = limits.keys

const noSuchKey = (keyId: number) => refused('no_such_key', `There is no key ${keyId}.`)
const isRevoked = (keyId: number) => refused('no_such_key', `Key ${keyId} is revoked.`)
const ofPlayground = (keyId: number) =>
  `Key ${keyId} is that of a playground: nobody has its secret. Revoke it, and the next question makes another key.`

/** Does something to a key by its id, whoever's it is. */
async function ofKey(
  { pool }: Context,
  keyId: number,
  work: (key: ApiKey, accountId: number) => Promise<VerbResult>,
): Promise<VerbResult> {
  const accountId = await findAccountByKey(pool, keyId)
  const key = accountId === undefined ? undefined : await readKey(pool, accountId, keyId)
  if (!key || accountId === undefined) return noSuchKey(keyId)
  return key.revokedAt ? isRevoked(keyId) : work(key, accountId)
}

async function log(
  { pool, actor }: Context,
  action: AdminAction,
  keyId: number,
  detail: Record<string, unknown>,
) {
  await logAdmin(pool, { actor, action, subject: `key ${keyId}`, detail })
}

async function set(context: Context, keyId: number, given: Partial<NewKey>): Promise<VerbResult> {
  const { pool } = context
  const models = namedModels(given.models, byNameOf(await readModels(pool)))
  if (typeof models === 'string') return refused('no_such_model', models)
  return ofKey(context, keyId, async (key, accountId) => {
    const fields = { ...fieldsOf(key), ...given, ...(given.models && { models }) }
    if ((fields.period === null) !== (fields.periodBudgetNanos === null))
      return refused('over_the_limit', 'A period and its budget go together; none takes one away.')
    const which = { accountId, keyId, userId: null }
    const state = await changeKey(pool, which, versionOf(key), fields)
    if (state === 'gone') return isRevoked(keyId)
    if (state === 'stale')
      return refused('key_changed', `Key ${keyId} was changed meanwhile. Look again.`)
    const document = {
      id: keyId,
      account_id: accountId,
      name: fields.name,
      expires_at: timeText(fields.expiresAt),
      ...limitsOf(fields),
    }
    await log(context, 'key set', keyId, document)
    const announced = await context.announceMoney(accountId)
    return done({ ...document, announced }, `Key ${keyId} is set; its next call goes by it.`)
  })
}

const setVerb: Verb = {
  usage:
    'key set <key> [--name NAME] [--expires TIME] [--budget USD] [--period PERIOD] ' +
    '[--period-budget USD] [--models LIST] [--addresses LIST]',
  does:
    'Change what a key may do; none in place of a value takes a limit away; PERIOD is day, week ' +
    'or month, and begins anew by the midnight of the account’s time zone',
  prepare(args, now) {
    const keyId = args.whole('key', 0)
    const given = givenFields(args, now)
    if (given.name === '') args.problems.push('name must be text')
    if (Object.keys(given).length === 0) args.problems.push('say what to change')
    return (context) => set(context, keyId, given)
  },
}

async function switchKey(context: Context, keyId: number, isDisabled: boolean) {
  return ofKey(context, keyId, async (_key, accountId) => {
    const which = { accountId, keyId, userId: null }
    const changed = (await setDisabled(context.pool, which, isDisabled)) === 'set'
    const detail = { account_id: accountId }
    if (changed) await log(context, isDisabled ? 'key disable' : 'key enable', keyId, detail)
    // Also of a key that was disabled before: the last announcement may have been lost.
    const announced = isDisabled && (await context.announceRevocations([keyId]))
    const document = { id: keyId, ...detail, disabled: isDisabled, changed }
    const is = changed ? 'is' : 'was already'
    if (!isDisabled) return done(document, `Key ${keyId} ${is} enabled.`)
    const words = `Key ${keyId} ${is} disabled: no call of it starts until it is enabled.`
    return done({ ...document, announced }, `${words} ${whenRevocationIsKnown(announced)}`)
  })
}

const disable: Verb = {
  usage: 'key disable <key>',
  does: 'Have a key refused until it is enabled again, and end the streams it has under way',
  prepare(args) {
    const keyId = args.whole('key', 0)
    return (context) => switchKey(context, keyId, true)
  },
}

const enable: Verb = {
  usage: 'key enable <key>',
  does: 'Have a key that was disabled work again',
  prepare(args) {
    const keyId = args.whole('key', 0)
    return (context) => switchKey(context, keyId, false)
  },
}

const rotate: Verb = {
  usage: 'key rotate <key> [--hours N]',
  does:
    'Give a key a new secret, shown once; the old one works for N more hours, ' +
    `0 to ${rotateHoursMax}, else 24`,
  prepare(args) {
    const keyId = args.whole('key', 0)
    const hours = args.whole('hours', 24, 0, rotateHoursMax)
    return (context) =>
      ofKey(context, keyId, async ({ isPlayground }, accountId) => {
        if (isPlayground) return refused('no_secret', ofPlayground(keyId))
        const secret = await rotateKey(context.pool, { accountId, keyId, userId: null }, hours)
        if (secret === undefined) return isRevoked(keyId)
        await log(context, 'key rotate', keyId, { account_id: accountId, hours })
        const now = await readKey(context.pool, accountId, keyId)
        const until = timeText(now?.oldUntil ?? null)
        const note = until ? `The old secret works until ${until}.` : 'The old secret has ended.'
        return done(
          { id: keyId, account_id: accountId, hours, old_secret_until: until, secret },
          facts({ id: keyId, key: secret, note: `The key is shown this once only. ${note}` }),
        )
      })
  },
}

export const keyChangeVerbs = [setVerb, disable, enable, rotate]
