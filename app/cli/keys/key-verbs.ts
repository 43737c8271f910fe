import { findAccountByKey, readAccount } from '../../accounts/accounts.server.ts'
import { logAdmin } from '../../admin/admin.server.ts'
import { byNameOf, readModels } from '../../catalog/catalog.server.ts'
import { limits } from '../../config/limits.ts'
import {
  createKey,
  keyStatusOf,
  listKeyPage,
  readKey,
  revokeKey,
  type ApiKey,
  type NewKey,
} from '../../keys/keys.server.ts'
import { fieldsOf, givenFields, limitsOf, namedModels } from './key-fields.ts'
import { keyStatuses, type KeyStatus } from '../../values/key-statuses.ts'
import { formatUsdShort } from '../../values/money.ts'
import {
  done,
  facts,
  money,
  noSuchAccount,
  refused,
  table,
  timeText,
  type VerbResult,
} from '../verb-result.ts'
import type { Verb } from '../verb.ts'
import type { Context } from '../context.ts'

/** When streams under way end, which depends on Redis; new calls are refused already. */
export const whenRevocationIsKnown = (announced: boolean) =>
  announced
    ? 'Streams under way are being ended.'
    : 'Redis was not reached: streams under way end within 5 seconds, when relays next look.'

async function create(context: Context, accountId: number, asked: NewKey): Promise<VerbResult> {
  const { pool, actor } = context
  if (!(await readAccount(pool, accountId))) return noSuchAccount(accountId)
  const known = byNameOf(await readModels(pool))
  const models = namedModels(asked.models, known)
  if (typeof models === 'string') return refused('no_such_model', models)
  const key = { ...asked, models }
  const created = await createKey(pool, accountId, key)
  if (!created) {
    const most = limits.keys.perAccountMax
    return refused('too_many_keys', `Account ${accountId} has ${most} keys, the most it may have.`)
  }
  const document = {
    id: created.id,
    account_id: accountId,
    name: key.name,
    expires_at: timeText(key.expiresAt ?? null),
    ...limitsOf(key),
    responses_at_chat: key.responsesAtChat ?? false,
  }
  const subject = `key ${created.id}`
  await logAdmin(pool, { actor, action: 'key create', subject, detail: document })
  return done(
    { ...document, secret: created.secret },
    facts({ id: created.id, key: created.secret, note: 'The key is shown this once only.' }),
  )
}

const createVerb: Verb = {
  usage:
    'key create --account ID --name NAME [--expires TIME] [--budget USD] [--period PERIOD] ' +
    '[--period-budget USD] [--models LIST] [--addresses LIST] [--responses-at-chat]',
  does:
    'Make an API key, shown once; LIST names models, or networks, with commas between them; ' +
    'a period budget begins anew each day, week or month; ' +
    'with --responses-at-chat, bodies of the Responses API are taken at /v1/chat/completions too',
  prepare(args, now) {
    const accountId = args.whole('account', 0)
    const { name = '', ...given } = givenFields(args, now)
    const key = { ...given, name, responsesAtChat: args.has('responses-at-chat') }
    if (((key.period ?? null) === null) !== ((key.periodBudgetNanos ?? null) === null))
      args.problems.push('--period and --period-budget go together')
    return (context) => create(context, accountId, key)
  },
}

const statuses = {
  active: 'usable',
  spent: 'usable',
  disabled: 'disabled',
  expired: 'expired',
  revoked: 'revoked',
} satisfies Record<KeyStatus, string>
const statusOf = (key: ApiKey) => statuses[keyStatusOf(key)]

const documentOf = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  shown: `${key.prefix}…${key.lastFour}`,
  status: statusOf(key),
  ...money('spent', key.spentNanos),
  ...money('held', key.heldNanos),
  ...limitsOf(fieldsOf(key)),
  ...money('period_spent', key.period && key.periodSpentNanos),
  period_ends: timeText(key.periodEnds),
  disabled_at: timeText(key.disabledAt),
  old_secret_until: timeText(key.oldUntil),
  responses_at_chat: key.responsesAtChat === 1,
  expires_at: timeText(key.expiresAt),
  revoked_at: timeText(key.revokedAt),
  last_used_at: timeText(key.lastUsedAt),
  created_at: timeText(key.createdAt),
})

const list: Verb = {
  usage: 'key list --account ID [--name TEXT] [--status STATUS] [--limit N] [--after KEY]',
  does: `The keys of an account, usable ones first; STATUS is one of ${keyStatuses.join(', ')}`,
  isReading: true,
  prepare(args) {
    const accountId = args.whole('account', 0)
    const search = {
      name: args.text('name', null, { charsMax: limits.keys.nameCharsMax }),
      status: args.word('status', null, keyStatuses),
      after: args.whole('after', null),
      rows: args.whole('limit', limits.keys.perAccountMax, 1, 1_000),
    }
    return async ({ pool }) => {
      if (!(await readAccount(pool, accountId))) return noSuchAccount(accountId)
      const { after } = search
      // From a key that is not there the list would begin anew, and a script would never end.
      if (after !== null && !(await readKey(pool, accountId, after)))
        return refused('no_such_key', `There is no key ${after}.`)
      const { keys, after: nextAfter } = await listKeyPage(pool, accountId, search)
      const rows = keys.map((key) => [
        key.id,
        key.name,
        `${key.prefix}…${key.lastFour}`,
        statusOf(key),
        formatUsdShort(key.spentNanos),
        key.budgetNanos === null ? 'none' : formatUsdShort(key.budgetNanos),
        timeText(key.expiresAt) ?? 'never',
        timeText(key.lastUsedAt) ?? 'never',
      ])
      const heads = ['id', 'name', 'key', 'status', 'spent', 'budget', 'expires', 'last used']
      const more = nextAfter === null ? '' : `\nMore: --after ${nextAfter}`
      const document = {
        account_id: accountId,
        keys: keys.map(documentOf),
        next_after: nextAfter,
      }
      return done(document, table(heads, rows) + more)
    }
  },
}

async function revoke(
  context: Context,
  keyId: number,
  account: number | null,
): Promise<VerbResult> {
  const { pool, actor } = context
  const none = () => refused('no_such_key', `There is no key ${keyId}.`)
  const accountId = account ?? (await findAccountByKey(pool, keyId))
  if (accountId === undefined) return none()
  const changed = await revokeKey(pool, accountId, keyId)
  const key = await readKey(pool, accountId, keyId)
  if (!key) return none()
  if (changed) {
    const detail = { account_id: accountId, name: key.name }
    await logAdmin(pool, { actor, action: 'key revoke', subject: `key ${keyId}`, detail })
  }
  // Also for a key that was revoked before: the last announcement may have been lost.
  const announced = await context.announceRevocations([keyId])
  const revokedAt = timeText(key.revokedAt)
  return done(
    { id: keyId, account_id: accountId, changed, revoked_at: revokedAt, announced },
    `Key ${keyId} ${changed ? 'is revoked since' : 'was revoked before, at'} ${revokedAt}: ` +
      `no call of it starts any more. ${whenRevocationIsKnown(announced)}`,
  )
}

const revokeVerb: Verb = {
  usage: 'key revoke <key> [--account ID]',
  does: 'End a key by its id, and the streams it has under way',
  prepare(args) {
    const keyId = args.whole('key', 0)
    const accountId = args.whole('account', null)
    return (context) => revoke(context, keyId, accountId)
  },
}

export const keyVerbs = [createVerb, list, revokeVerb]
