// Made by `npm run sql:types` from sql/ and the live schema. Do not edit.
import type { closedLists } from '../values/closed-lists.ts'

type WordOf<List extends keyof typeof closedLists> = (typeof closedLists)[List][number]
type AccountAction = WordOf<'AccountAction'>
type AccountStatus = WordOf<'AccountStatus'>
type AdminAction = WordOf<'AdminAction'>
type CallErrorCode = WordOf<'CallErrorCode'>
type DeliveryChannel = WordOf<'DeliveryChannel'>
type DeliveryState = WordOf<'DeliveryState'>
type EntryKind = WordOf<'EntryKind'>
type InvitationState = WordOf<'InvitationState'>
type EventVerdict = WordOf<'EventVerdict'>
type KeyStatus = WordOf<'KeyStatus'>
type Language = WordOf<'Language'>
type LimitScope = WordOf<'LimitScope'>
type ListedKind = WordOf<'ListedKind'>
type ModelKind = WordOf<'ModelKind'>
type NoticeKind = WordOf<'NoticeKind'>
type OrderState = WordOf<'OrderState'>
type Outcome = WordOf<'Outcome'>
type PaymentProviderName = WordOf<'PaymentProviderName'>
type PlanOutcome = WordOf<'PlanOutcome'>
type ReversalKind = WordOf<'ReversalKind'>
type ReversalState = WordOf<'ReversalState'>
type Period = WordOf<'Period'>
type Role = WordOf<'Role'>
type UpstreamState = WordOf<'UpstreamState'>
type UsageFlag = WordOf<'UsageFlag'>
type UsageSource = WordOf<'UsageSource'>
type IdentityProvider = WordOf<'IdentityProvider'>

export type Statements = {
  'account-log/insert': {
    params: { accountId: number; userId: number | null; action: AccountAction; subject: string; detail: string | null }
    row: Record<never, never>
    returns: 'id'
  }
  'account-log/list': {
    params: { accountId: number; before: number; rows: number }
    row: { id: number; userId: number | null; userName: string | null; action: AccountAction; subject: string; detail: string | null; createdAt: Date }
    returns: 'many'
  }
  'account-log/name-keys': {
    params: { accountId: number; ids: readonly (number)[] }
    row: { id: number; name: string }
    returns: 'many'
  }
  'account-log/name-people': {
    params: { ids: readonly (number)[] }
    row: { id: number; name: string }
    returns: 'many'
  }
  'account-log/name-plans': {
    params: { ids: readonly (number)[] }
    row: { id: number; name: string }
    returns: 'many'
  }
  'account-log/read-role': {
    params: { accountId: number; userId: number }
    row: { role: Role }
    returns: 'maybe'
  }
  'accounts/delete-group': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/find-by-email': {
    params: { email: string; rows: number }
    row: { accountId: number }
    returns: 'many'
  }
  'accounts/find-by-key': {
    params: { keyId: number }
    row: { accountId: number }
    returns: 'maybe'
  }
  'accounts/insert': {
    params: { name: string }
    row: Record<never, never>
    returns: 'id'
  }
  'accounts/insert-group': {
    params: { name: string; factor: number }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/insert-like': {
    params: { name: string; fromId: number; isSuspended: number; factor: number; ownFactor: number | null; groupName: string | null }
    row: Record<never, never>
    returns: 'id'
  }
  'accounts/list': {
    params: { after: number; rows: number }
    row: { id: number; name: string; status: AccountStatus; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; factor: number; groupName: string | null; createdAt: Date }
    returns: 'many'
  }
  'accounts/list-groups': {
    params: Record<never, never>
    row: { name: string; factor: number; createdAt: Date; models: string | null; members: number }
    returns: 'many'
  }
  'accounts/list-members': {
    params: { name: string; rows: number }
    row: { id: number }
    returns: 'many'
  }
  'accounts/list-users': {
    params: { accountId: number; rows: number }
    row: { id: number; name: string; email: string | null; createdAt: Date; role: Role }
    returns: 'many'
  }
  'accounts/lock-groups': {
    params: Record<never, never>
    row: { name: string; factor: number }
    returns: 'many'
  }
  'accounts/read': {
    params: { id: number }
    row: { id: number; name: string; status: AccountStatus; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; entrySeq: number; createdAt: Date; factor: number; ownFactor: number | null; groupName: string | null; monthlyNanos: number | null; renewsAt: Date | null; planPriceNanos: number | null; planInGrace: number | null; planCanceledAt: Date | null; planEndsAt: Date | null; planName: string | null; nextPlanName: string | null; usableKeys: number | null }
    returns: 'maybe'
  }
  'accounts/read-buyer': {
    params: { id: number }
    row: { factor: number; groupModels: string | null }
    returns: 'maybe'
  }
  'accounts/read-factor': {
    params: { id: number }
    row: { factor: number; ownFactor: number | null; groupName: string | null }
    returns: 'maybe'
  }
  'accounts/read-group-models': {
    params: { name: string }
    row: { models: string | null }
    returns: 'maybe'
  }
  'accounts/read-time-zone': {
    params: { id: number }
    row: { timeZone: string }
    returns: 'maybe'
  }
  'accounts/set-group-factor': {
    params: { name: string; factor: number }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/set-group-models': {
    params: { name: string; models: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/set-status': {
    params: { id: number; status: AccountStatus }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/set-time-zone': {
    params: { id: number; zone: string }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/write-factor': {
    params: { id: number; factor: number; ownFactor: number | null; groupName: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'accounts/write-members-factor': {
    params: { ids: readonly (number)[]; factor: number }
    row: Record<never, never>
    returns: 'count'
  }
  'admin/find-last-of': {
    params: { subject: string }
    row: { actor: string; action: AdminAction; createdAt: Date }
    returns: 'maybe'
  }
  'admin/insert-log': {
    params: { actor: string; action: AdminAction; subject: string; detail: string | null }
    row: Record<never, never>
    returns: 'id'
  }
  'auth/delete-expired-sessions': {
    params: { rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/delete-expired-spent': {
    params: { rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/delete-identity': {
    params: { provider: IdentityProvider; providerUserId: string; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/delete-other-sessions': {
    params: { userId: number; digest: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/delete-session': {
    params: { digest: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/find-by-identity': {
    params: { provider: IdentityProvider; providerUserId: string }
    row: { userId: number; accountId: number; name: string }
    returns: 'maybe'
  }
  'auth/find-session': {
    params: { digest: Uint8Array; idleHours: number }
    row: { userId: number; name: string; accountId: number | null; role: Role | null; homeAccountId: number; homeRole: Role | null; zone: string | null; zoneChosen: number; accountZone: string | null; language: Language | null; stale: number | null }
    returns: 'maybe'
  }
  'auth/find-user-of-account': {
    params: { accountId: number }
    row: { userId: number; name: string }
    returns: 'maybe'
  }
  'auth/insert-account': {
    params: { name: string }
    row: Record<never, never>
    returns: 'id'
  }
  'auth/insert-identity': {
    params: { provider: IdentityProvider; providerUserId: string; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/insert-session': {
    params: { digest: Uint8Array; userId: number; hours: number; userAgent: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/insert-user': {
    params: { accountId: number; name: string; email: string | null }
    row: Record<never, never>
    returns: 'id'
  }
  'auth/keep-zone': {
    params: { userId: number; zone: string }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/list-identities': {
    params: { userId: number }
    row: { provider: IdentityProvider; providerUserId: string; linkedAt: Date }
    returns: 'many'
  }
  'auth/list-sessions': {
    params: { userId: number; idleHours: number; rows: number }
    row: { digest: Buffer; createdAt: Date; usedAt: Date; userAgent: string | null }
    returns: 'many'
  }
  'auth/lock-for-unlink': {
    params: { userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/read-user': {
    params: { userId: number }
    row: { name: string; email: string | null; createdAt: Date; zone: string | null; zoneChosen: number }
    returns: 'maybe'
  }
  'auth/set-language': {
    params: { userId: number; language: Language }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/set-session-account': {
    params: { digest: Uint8Array; accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/set-zone': {
    params: { userId: number; zone: string | null; isChosen: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/spend-once': {
    params: { digest: Uint8Array; minutes: number }
    row: Record<never, never>
    returns: 'count'
  }
  'auth/touch-session': {
    params: { digest: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'billing/list-after': {
    params: { accountId: number; seqs: readonly (number)[] }
    row: { seq: number; planNanos: number; balanceNanos: number; createdAt: Date }
    returns: 'many'
  }
  'billing/list-credits': {
    params: { accountId: number; after: number; upTo: number; rows: number }
    row: { seq: number; kind: ListedKind; planNanos: number; balanceNanos: number; planAfterNanos: number; balanceAfterNanos: number; callId: Buffer | null; note: string | null; createdAt: Date }
    returns: 'many'
  }
  'billing/list-entries': {
    params: { accountId: number; after: number; upTo: number; rows: number }
    row: { seq: number; kind: ListedKind; planNanos: number; balanceNanos: number; planAfterNanos: number; balanceAfterNanos: number; callId: Buffer | null; note: string | null; createdAt: Date }
    returns: 'many'
  }
  'billing/list-holds': {
    params: { accountId: number; rows: number }
    row: { callId: Buffer; model: string; keyName: string | null; planNanos: number; balanceNanos: number; startedAt: Date; ageSeconds: number | null }
    returns: 'many'
  }
  'billing/read-after': {
    params: { accountId: number; seq: number }
    row: { planNanos: number; balanceNanos: number }
    returns: 'maybe'
  }
  'billing/read-moments': {
    params: { accountId: number; seqs: readonly (number)[] }
    row: { seq: number; bookedAt: Date }
    returns: 'many'
  }
  'billing/read-overview': {
    params: { accountId: number; zone: string; todaySlot: number; weekStart: string; weekSlot: number; monthStart: string; monthSlot: number }
    row: { status: AccountStatus; planNanos: number; balanceNanos: number; heldNanos: number; availableNanos: number; monthlyNanos: number | null; renewsAt: Date | null; planInGrace: number | null; planCanceled: number; planEndsAt: Date | null; planIsForSome: number; hadPlan: number; notifyBelowNanos: number | null; createdAt: Date; openHolds: number | null; todayNanos: number | null; weekNanos: number | null; monthNanos: number | null }
    returns: 'maybe'
  }
  'billing/read-seq': {
    params: { accountId: number }
    row: { entrySeq: number; since: Date }
    returns: 'maybe'
  }
  'billing/sum-cost': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number }
    row: { foldedNanos: number | null; restNanos: number | null }
    returns: 'one'
  }
  'billing/sum-credits': {
    params: { accountId: number; after: number; upTo: number }
    row: { listedKind: ListedKind; entries: number; planNanos: number | null; balanceNanos: number | null }
    returns: 'many'
  }
  'catalog/disable-alias': {
    params: { alias: string }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/insert-alias': {
    params: { alias: string; model: string }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/insert-cost-price': {
    params: { scope: string; model: string; effectiveFrom: Date; terms: string; source: string; actor: string }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/insert-model': {
    params: { name: string; kind: ModelKind; contextTokens: number; outputTokensMax: number; reasoning: number; vision: number; ownedBy: string; retiresOn: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/insert-price': {
    params: { model: string; effectiveFrom: Date; terms: string; actor: string }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/list-aliases': {
    params: Record<never, never>
    row: { alias: string; model: string }
    returns: 'many'
  }
  'catalog/list-cost-prices': {
    params: { scopes: readonly (string)[]; models: readonly (string)[] }
    row: { id: number; scope: string; model: string; effectiveFrom: Date; terms: string }
    returns: 'many'
  }
  'catalog/list-cost-terms': {
    params: Record<never, never>
    row: { id: number; terms: string }
    returns: 'many'
  }
  'catalog/list-costs-of-scope': {
    params: { scope: string }
    row: { model: string; effectiveFrom: Date; terms: string }
    returns: 'many'
  }
  'catalog/list-models': {
    params: Record<never, never>
    row: { name: string; kind: ModelKind; contextTokens: number; outputTokensMax: number; reasoning: number; vision: number; ownedBy: string; enabled: number; retiresOn: string | null; saleFactor: number | null; createdAt: Date }
    returns: 'many'
  }
  'catalog/list-own-costs': {
    params: { model: string }
    row: { id: number; scope: string; effectiveFrom: Date; terms: string }
    returns: 'many'
  }
  'catalog/list-prices': {
    params: Record<never, never>
    row: { id: number; model: string; effectiveFrom: Date; terms: string; actor: string }
    returns: 'many'
  }
  'catalog/list-served': {
    params: Record<never, never>
    row: { upstream: string; model: string; theirName: string }
    returns: 'many'
  }
  'catalog/list-upstreams': {
    params: Record<never, never>
    row: { name: string; definition: string }
    returns: 'many'
  }
  'catalog/mend-context': {
    params: { name: string; contextTokens: number; were: number }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/read-mark': {
    params: Record<never, never>
    row: { mark: string | null }
    returns: 'one'
  }
  'catalog/revive-alias': {
    params: { alias: string; model: string }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/sell-by-factor': {
    params: { name: string; factor: number }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/set-enabled': {
    params: { name: string; enabled: number }
    row: Record<never, never>
    returns: 'count'
  }
  'catalog/set-sale-factor': {
    params: { name: string; factor: number | null }
    row: Record<never, never>
    returns: 'count'
  }
  'db/claim-installation': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'db/read-clock': {
    params: Record<never, never>
    row: { now: Date }
    returns: 'one'
  }
  'db/read-installation': {
    params: Record<never, never>
    row: { name: string }
    returns: 'maybe'
  }
  'db/read-migrations': {
    params: Record<never, never>
    row: { id: number; name: string }
    returns: 'many'
  }
  'db/read-safety': {
    params: Record<never, never>
    row: { flushLog: number | null; binlog: number | null; syncBinlog: number | null; sqlMode: string | null }
    returns: 'one'
  }
  'keys/change': {
    params: { id: number; accountId: number; name: string; expiresAt: Date | null; budgetNanos: number | null; period: Period | null; periodBudgetNanos: number | null; models: string | null; addresses: string | null; responsesAtChat: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/count-usable': {
    params: { accountId: number }
    row: { total: number }
    returns: 'one'
  }
  'keys/disable': {
    params: { id: number; accountId: number; by: number | null; isManager: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/enable': {
    params: { id: number; accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/find-by-digest': {
    params: { digest: Uint8Array }
    row: { keyId: number; accountId: number; secretNo: number }
    returns: 'maybe'
  }
  'keys/find-dead': {
    params: { ids: readonly (number)[] }
    row: { id: number }
    returns: 'many'
  }
  'keys/find-playground': {
    params: { accountId: number; userId: number }
    row: { id: number; digest: Buffer; secretNo: number; models: string | null; expired: number }
    returns: 'maybe'
  }
  'keys/insert': {
    params: { accountId: number; digest: Uint8Array; name: string; prefix: string; lastFour: string; expiresAt: Date | null; budgetNanos: number | null; period: Period | null; periodBudgetNanos: number | null; models: string | null; addresses: string | null; responsesAtChat: number; userId: number | null }
    row: Record<never, never>
    returns: 'id'
  }
  'keys/list': {
    params: { accountId: number; name: string | null; status: KeyStatus | null; userId: number | null; isBack: number; fromRevoked: number; fromId: number; rows: number }
    row: { id: number; name: string; prefix: string; lastFour: string; expiresAt: Date | null; expired: number; budgetNanos: number | null; spentNanos: number; heldNanos: number; period: Period | null; periodBudgetNanos: number | null; periodEnds: Date | null; periodSpentNanos: number | null; models: string | null; addresses: string | null; disabledAt: Date | null; disabledBy: number | null; disabledByName: string | null; secretNo: number; oldUntil: Date | null; responsesAtChat: number; revokedAt: Date | null; lastUsedAt: Date | null; createdAt: Date; userId: number | null; isPlayground: number }
    returns: 'many'
  }
  'keys/list-of-person': {
    params: { accountId: number; userId: number }
    row: { id: number }
    returns: 'many'
  }
  'keys/put-playground': {
    params: { accountId: number; userId: number; keyId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/read': {
    params: { id: number; accountId: number }
    row: { id: number; name: string; prefix: string; lastFour: string; expiresAt: Date | null; expired: number; budgetNanos: number | null; spentNanos: number; heldNanos: number; period: Period | null; periodBudgetNanos: number | null; periodEnds: Date | null; periodSpentNanos: number | null; models: string | null; addresses: string | null; disabledAt: Date | null; disabledBy: number | null; disabledByName: string | null; secretNo: number; oldUntil: Date | null; responsesAtChat: number; revokedAt: Date | null; lastUsedAt: Date | null; createdAt: Date; userId: number | null; isPlayground: number }
    returns: 'maybe'
  }
  'keys/read-responses-at-chat': {
    params: { id: number }
    row: { responsesAtChat: number }
    returns: 'maybe'
  }
  'keys/read-standing': {
    params: { id: number }
    row: { keyId: number; accountId: number; disabled: number; models: string | null; groupModels: string | null; addresses: string | null; secretNo: number; isOldGood: number; budgetNanos: number | null; spentNanos: number; heldNanos: number; period: Period | null; periodBudgetNanos: number | null; periodBegan: Date | null; periodEnds: Date | null; periodBaseNanos: number | null; userId: number | null; capNanos: number | null; capEnds: Date | null; capBaseNanos: number | null; memberSpentNanos: number | null; memberHeldNanos: number | null; availableNanos: number }
    returns: 'maybe'
  }
  'keys/revoke': {
    params: { id: number; accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/revoke-of-person': {
    params: { accountId: number; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'keys/rotate': {
    params: { id: number; accountId: number; digest: Uint8Array; prefix: string; lastFour: string; hours: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/add-account-quarters': {
    params: { quarters: readonly { accountId: number; slot: number; calls: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; costNanos: number }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/add-usage-quarters': {
    params: { quarters: readonly { accountId: number; slot: number; keyId: number; model: string; statusCode: number; outcome: Outcome; calls: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; costNanos: number }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/beat': {
    params: { id: Uint8Array; host: string; pid: number; breakSeconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/begin': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/cluster/touch-accounts': {
    params: { ids: readonly (number)[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/commit': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/count-relays': {
    params: { seconds: number }
    row: { relays: number }
    returns: 'one'
  }
  'ledger/delete-holds': {
    params: { gone: readonly { callId: Uint8Array }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/delete-old-relays': {
    params: { staleSeconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/find-entry-by-ref': {
    params: { ref: string }
    row: { accountId: number; seq: number }
    returns: 'maybe'
  }
  'ledger/finish-late-call': {
    params: { id: Uint8Array; upstream: string | null; upstreamRequestId: string | null; statusCode: number; errorCode: CallErrorCode | null; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; usageSource: UsageSource; usageFlag: UsageFlag | null; serviceTier: string | null; costNanos: number; planNanos: number; balanceNanos: number; overrunNanos: number; firstByteMs: number | null; totalMs: number | null; attempts: number; endedAt: Date; upstreamStatus: number | null; waivedNanos: number; otherModel: string | null; upstreamCode: string | null; priceId: number; upstreamKey: string | null; priceFactor: number | null; accountFactor: number | null; otherUnits: string | null; upstreamNanos: number | null; tries: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/begin-zone': {
    params: { accountId: number; zone: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/delete-account-days': {
    params: { accountId: number; zone: string; from: string; to: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/delete-days': {
    params: { accountId: number; zone: string; from: string; to: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/end-zone': {
    params: { accountId: number; zone: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/fill-account-day': {
    params: { accountId: number; zone: string; day: string; fromSlot: number; toSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/fill-day': {
    params: { accountId: number; zone: string; day: string; fromSlot: number; toSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/forget-zone': {
    params: { accountId: number; zone: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/list-due': {
    params: { after: number; slot: number; rows: number }
    row: { id: number }
    returns: 'many'
  }
  'ledger/fold/list-wanted': {
    params: { accountId: number; rows: number }
    row: { zone: string | null }
    returns: 'many'
  }
  'ledger/fold/list-zones': {
    params: { accountId: number }
    row: { zone: string }
    returns: 'many'
  }
  'ledger/fold/move-marks-back': {
    params: { accountId: number; slot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/raise-folded-slot': {
    params: { accountId: number; slot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/fold/read-first-day': {
    params: { accountId: number; zone: string }
    row: { day: string | null }
    returns: 'one'
  }
  'ledger/fold/read-mark': {
    params: { accountId: number; zone: string }
    row: { beforeDay: string; beforeSlot: number }
    returns: 'maybe'
  }
  'ledger/fold/read-next': {
    params: { accountId: number; slot: number }
    row: { slot: number | null }
    returns: 'one'
  }
  'ledger/fold/write-mark': {
    params: { accountId: number; zone: string; beforeDay: string; beforeSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-calls': {
    params: { calls: readonly { id: Uint8Array; accountId: number; keyId: number; model: string; priceId: number; upstream: string | null; upstreamRequestId: string | null; statusCode: number; errorCode: CallErrorCode | null; outcome: Outcome; streamed: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; outputTokensMax: number; usageSource: UsageSource; usageFlag: UsageFlag | null; serviceTier: string | null; holdNanos: number; costNanos: number; planNanos: number; balanceNanos: number; overrunNanos: number; firstByteMs: number | null; totalMs: number | null; attempts: number; clientRetry: number; client: string | null; startedAt: Date; endedAt: Date; upstreamStatus: number | null; waivedNanos: number; otherModel: string | null; upstreamCode: string | null; upstreamKey: string | null; priceFactor: number | null; accountFactor: number | null; otherUnits: string | null; upstreamNanos: number | null; tries: string | null; neededNanos: number | null; leftNanos: number | null }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-entries': {
    params: { entries: readonly { accountId: number; seq: number; kind: EntryKind; planNanos: number; balanceNanos: number; planAfterNanos: number; balanceAfterNanos: number; callId: Uint8Array | null; ref: string | null; actor: string | null; note: string | null; createdAt: string }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/insert-holds': {
    params: { holds: readonly { callId: Uint8Array; accountId: number; keyId: number; planNanos: number; balanceNanos: number; relayId: Uint8Array; model: string; priceId: number; outputTokensMax: number; streamed: number; startedAt: Date }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/keys/begin-key-period': {
    params: { id: number; periodBegan: Date; periodEnds: Date; baseNanos: number; seq: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/keys/begin-member-month': {
    params: { accountId: number; userId: number; periodBegan: Date; periodEnds: Date; baseNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/list-relays': {
    params: { seconds: number }
    row: { id: Buffer; host: string; pid: number }
    returns: 'many'
  }
  'ledger/lock-accounts': {
    params: { ids: readonly (number)[] }
    row: { id: number; status: AccountStatus; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; entrySeq: number; foldedSlot: number; factor: number; planModels: string | null; notifyBelowNanos: number | null; notifiedLow: number; bookedAt: string | null; readAt: string | null }
    returns: 'many'
  }
  'ledger/lock-accounts-at-once': {
    params: { ids: readonly (number)[] }
    row: { id: number; status: AccountStatus; planNanos: number; planHeldNanos: number; balanceNanos: number; balanceHeldNanos: number; entrySeq: number; foldedSlot: number; factor: number; planModels: string | null; notifyBelowNanos: number | null; notifiedLow: number; bookedAt: string | null; readAt: string | null }
    returns: 'many'
  }
  'ledger/notices/insert-key-budgets': {
    params: { ids: readonly (number)[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/notices/insert-new': {
    params: { id: Uint8Array; accountId: number | null; kind: NoticeKind; payload: string }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/notices/set-threshold': {
    params: { accountId: number; nanos: number | null; notifiedLow: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/notices/write-notified': {
    params: { ids: readonly (number)[]; notifiedLow: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/now': {
    params: Record<never, never>
    row: { now: Date }
    returns: 'one'
  }
  'ledger/past/add-spending': {
    params: { id: number; spentNanos: number; since: Date; lastUsedAt: Date }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/past/copy-calls': {
    params: { accountId: number; from: Uint8Array; to: Uint8Array; firstTail: Uint8Array; lastTail: Uint8Array; shiftMs: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/past/date-account': {
    params: { id: number; since: Date }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/past/insert-charges': {
    params: { accountId: number; from: Uint8Array; to: Uint8Array; firstTail: Uint8Array; lastTail: Uint8Array; seq: number; planNanos: number; balanceNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/past/read-moment': {
    params: { accountId: number; seq: number }
    row: { bookedAt: Date }
    returns: 'maybe'
  }
  'ledger/plan/delete-subscription': {
    params: { accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/plan/due-subscriptions': {
    params: { after: number; rows: number }
    row: { accountId: number }
    returns: 'many'
  }
  'ledger/plan/end-holds': {
    params: { accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/plan/find-period-of-order': {
    params: { orderRef: string }
    row: { ref: string; planId: number | null; creditNanos: number; priceNanos: number; endsAt: Date; isBegunAnew: number }
    returns: 'maybe'
  }
  'ledger/plan/insert-period': {
    params: { ref: string; feeRef: string | null; accountId: number; planId: number | null; creditNanos: number; priceNanos: number; beganAt: Date; endsAt: Date }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/plan/payable-subscriptions': {
    params: { after: number; rows: number }
    row: { accountId: number }
    returns: 'many'
  }
  'ledger/plan/read-group': {
    params: { accountId: number }
    row: { groupName: string | null }
    returns: 'maybe'
  }
  'ledger/plan/read-plan': {
    params: { id: number }
    row: { id: number; name: string; onSale: number; creditNanos: number; priceNanos: number; models: string | null; groupName: string | null; rolloverNanos: number; graceDays: number }
    returns: 'maybe'
  }
  'ledger/plan/read-subscription': {
    params: { accountId: number }
    row: { monthlyNanos: number; anchorDay: number; renewsAt: Date; planId: number | null; priceNanos: number; inGrace: number; nextPlanId: number | null; canceledAt: Date | null; endsAt: Date | null; name: string | null; models: string | null; rolloverNanos: number; graceDays: number; due: number; now: Date }
    returns: 'maybe'
  }
  'ledger/plan/sum-live-holds': {
    params: { accountId: number }
    row: { nanos: number }
    returns: 'one'
  }
  'ledger/plan/write-models': {
    params: { accountId: number; models: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/plan/write-subscription': {
    params: { accountId: number; monthlyNanos: number; anchorDay: number; renewsAt: Date; planId: number | null; priceNanos: number; inGrace: number; leftOut: number; endsAt: Date | null }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/plan/write-wish': {
    params: { accountId: number; nextPlanId: number | null; canceledAt: Date | null }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/read-calls': {
    params: { callIds: readonly (Uint8Array)[] }
    row: { id: Buffer; outcome: Outcome; statusCode: number; holdNanos: number; costNanos: number; overrunNanos: number; startedAt: Date; keyId: number; model: string }
    returns: 'many'
  }
  'ledger/read-holds': {
    params: { callIds: readonly (Uint8Array)[] }
    row: { callId: Buffer; planNanos: number; planEnded: number; balanceNanos: number; outputTokensMax: number }
    returns: 'many'
  }
  'ledger/read-keys': {
    params: { ids: readonly (number)[] }
    row: { id: number; accountId: number; revoked: number; disabled: number; expired: number; budgetNanos: number | null; spentNanos: number; heldNanos: number; period: Period | null; periodBudgetNanos: number | null; periodBegan: Date | null; periodEnds: Date | null; periodBaseNanos: number; timeZone: string; models: string | null; groupModels: string | null; addresses: string | null; secretNo: number; isOldGood: number; userId: number | null; capNanos: number | null; capEnds: Date | null; capBaseNanos: number | null; memberSpentNanos: number | null; memberHeldNanos: number | null }
    returns: 'many'
  }
  'ledger/repair/delete-account-quarters': {
    params: { accountId: number; fromSlot: number; toSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/repair/delete-quarters': {
    params: { accountId: number; fromSlot: number; toSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/repair/fill-account-quarters': {
    params: { accountId: number; fromSlot: number; toSlot: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/repair/fill-quarters': {
    params: { accountId: number; day: string; from: Uint8Array; to: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/repair/list-accounts': {
    params: { after: number; rows: number }
    row: { id: number }
    returns: 'many'
  }
  'ledger/repair/read-account': {
    params: { accountId: number }
    row: { planHeldNanos: number; balanceHeldNanos: number; planByHolds: number; balanceByHolds: number }
    returns: 'maybe'
  }
  'ledger/repair/read-account-offs': {
    params: { accountId: number }
    row: { slot: number; calls: number | null; inputTokens: number | null; cachedTokens: number | null; cacheWriteTokens: number | null; outputTokens: number | null; reasoningTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
  'ledger/repair/read-boundary': {
    params: Record<never, never>
    row: { keptFrom: string | null }
    returns: 'one'
  }
  'ledger/repair/read-dropped': {
    params: { accountId: number }
    row: { calls: number | null; costNanos: number | null; callsByTotals: number | null; costByTotals: number | null }
    returns: 'one'
  }
  'ledger/repair/read-keys': {
    params: { accountId: number }
    row: { id: number; spentNanos: number; heldNanos: number; baseNanos: number; spentSince: number | null; spentByTotals: number; heldByHolds: number }
    returns: 'many'
  }
  'ledger/repair/read-offs': {
    params: { accountId: number }
    row: { day: number | null; keyId: number; places: number; calls: number | null; inputTokens: number | null; cachedTokens: number | null; cacheWriteTokens: number | null; outputTokens: number | null; reasoningTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
  'ledger/repair/read-zone-offs': {
    params: { accountId: number }
    row: { zone: string; places: number }
    returns: 'many'
  }
  'ledger/repair/write-key': {
    params: { id: number; accountId: number; spentNanos: number; heldNanos: number; baseNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/retire-relay': {
    params: { id: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/rollback': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/sweep/holds-of-relay': {
    params: { relayId: Uint8Array; rows: number }
    row: { callId: Buffer; accountId: number; keyId: number; model: string; priceId: number; streamed: number; startedAt: Date }
    returns: 'many'
  }
  'ledger/sweep/read-silent': {
    params: { relayId: Uint8Array; callIds: readonly (Uint8Array)[]; silentSeconds: number; breakSeconds: number; steadySeconds: number }
    row: { callId: Buffer }
    returns: 'many'
  }
  'ledger/sweep/read-steadiness': {
    params: { relayId: Uint8Array; breakSeconds: number; steadySeconds: number }
    row: { steady: number }
    returns: 'one'
  }
  'ledger/sweep/silent-relays': {
    params: { relayId: Uint8Array; silentSeconds: number }
    row: { id: Buffer; lastSign: string | null }
    returns: 'many'
  }
  'ledger/verify/account-factors': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/account-holds': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/balances': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/calls': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/chains': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/charge-counts': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/charges': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/codes': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/counts': {
    params: Record<never, never>
    row: { accounts: number | null; entries: number | null; calls: number | null; holds: number | null }
    returns: 'one'
  }
  'ledger/verify/dropped-calls': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/ended-holds': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/key-holds': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/key-periods': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/old-holds': {
    params: { holdSeconds: number; rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/order-entries': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/order-of-time': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/order-reversals': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/overdrawn': {
    params: { holdSeconds: number; rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/plan-entries': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/plan-periods': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/read-costs': {
    params: { after: Uint8Array; rows: number }
    row: { id: Buffer; priceId: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; otherUnits: string | null; serviceTier: string | null; startedAt: Date; priceFactor: number | null; accountFactor: number | null; costNanos: number; overrunNanos: number }
    returns: 'many'
  }
  'ledger/verify/silent-holds': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/subscriptions': {
    params: { rows: number }
    row: { subject: string | null; expected: string | null; found: string | null }
    returns: 'many'
  }
  'ledger/verify/totals/account-quarters': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/totals/account-zone-days': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/totals/usage-quarters': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/verify/totals/usage-zone-days': {
    params: { rows: number }
    row: { subject: string | null; expected: string; found: string | null }
    returns: 'many'
  }
  'ledger/write-accounts': {
    params: { ids: readonly (number)[]; planNanos: readonly (number)[]; planHeldNanos: readonly (number)[]; balanceNanos: readonly (number)[]; balanceHeldNanos: readonly (number)[]; entrySeq: readonly (number)[]; bookedAt: readonly (string)[] }
    row: Record<never, never>
    returns: 'count'
  }
  'ledger/write-keys': {
    params: { ids: readonly (number)[]; spentNanos: readonly (number)[]; heldNanos: readonly (number)[] }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/claim': {
    params: { noticeId: Uint8Array; channel: DeliveryChannel; userId: number; tries: number; seconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/count-of-day': {
    params: { accountId: number }
    row: { deliveries: number }
    returns: 'one'
  }
  'notices/delete-old-deliveries': {
    params: { days: number; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/delete-old-notices': {
    params: { days: number; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/insert-asked': {
    params: { notices: readonly { id: Uint8Array; accountId: number; kind: NoticeKind; payload: string }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/insert-deliveries': {
    params: { deliveries: readonly { noticeId: Uint8Array; channel: DeliveryChannel; userId: number; accountId: number | null }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/list-all': {
    params: { rows: number }
    row: { kind: NoticeKind; createdAt: Date; accountId: number | null; channel: DeliveryChannel | null; userId: number | null; state: DeliveryState | null; tries: number | null; code: string | null }
    returns: 'many'
  }
  'notices/list-due': {
    params: { rows: number }
    row: { noticeId: Buffer; channel: DeliveryChannel; userId: number; accountId: number | null; tries: number; kind: NoticeKind; payload: string; createdAt: Date }
    returns: 'many'
  }
  'notices/list-people': {
    params: { accountId: number; rows: number }
    row: { userId: number; role: Role; mail: number; muted: string; address: string | null }
    returns: 'many'
  }
  'notices/list-unspread': {
    params: { rows: number }
    row: { id: Buffer; accountId: number | null; kind: NoticeKind; payload: string }
    returns: 'many'
  }
  'notices/mark-ended': {
    params: { noticeId: Uint8Array; channel: DeliveryChannel; userId: number; state: DeliveryState; code: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/mark-spread': {
    params: { id: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/put-off': {
    params: { noticeId: Uint8Array; channel: DeliveryChannel; userId: number; tries: number; seconds: number; code: string }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/read-account': {
    params: { accountId: number }
    row: { name: string; notifyBelowNanos: number | null }
    returns: 'maybe'
  }
  'notices/read-key': {
    params: { accountId: number; keyId: number }
    row: { name: string; userId: number | null }
    returns: 'maybe'
  }
  'notices/read-webhook': {
    params: { accountId: number }
    row: { url: string; seed: Buffer; muted: string; changedAt: Date; oldSeed: Buffer | null; oldUntil: Date | null }
    returns: 'maybe'
  }
  'notices/settings/ask-address': {
    params: { userId: number; address: string; nonce: Uint8Array; most: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/confirm-address': {
    params: { userId: number; nonce: Uint8Array; hours: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/delete-webhook': {
    params: { accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/forget-address': {
    params: { userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/list-deliveries': {
    params: { accountId: number; userId: number; rows: number }
    row: { id: Buffer; kind: NoticeKind; payload: string; createdAt: Date; channel: DeliveryChannel; state: DeliveryState; tries: number; code: string | null; endedAt: Date | null; nextTryAt: Date }
    returns: 'many'
  }
  'notices/settings/read-address': {
    params: { userId: number; hours: number }
    row: { address: string; nonce: Buffer; confirmedAt: Date | null; isFresh: number | null }
    returns: 'maybe'
  }
  'notices/settings/read-choice': {
    params: { accountId: number; userId: number }
    row: { mail: number; muted: string }
    returns: 'maybe'
  }
  'notices/settings/rotate-webhook': {
    params: { accountId: number; seed: Uint8Array; hours: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/stop-mail': {
    params: { accountId: number; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/write-choice': {
    params: { accountId: number; userId: number; mail: number; muted: string }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/settings/write-webhook': {
    params: { accountId: number; url: string; seed: Uint8Array; muted: string }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/troubles/count-old-holds': {
    params: { seconds: number }
    row: { holds: number; oldest: Date | null }
    returns: 'one'
  }
  'notices/troubles/delete-old': {
    params: { days: number; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/troubles/note': {
    params: { subject: string; calmSeconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'notices/troubles/read': {
    params: { subject: string }
    row: { since: Date }
    returns: 'one'
  }
  'notices/troubles/tell': {
    params: { subject: string; lastingSeconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'pages/delete-old-form-tokens': {
    params: { before: Uint8Array; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'pages/spend-form-token': {
    params: { token: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/codes/cancel-batch': {
    params: { id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/codes/cancel-code': {
    params: { batchId: number; id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/codes/count-left': {
    params: Record<never, never>
    row: { batches: number | null; usable: number | null }
    returns: 'one'
  }
  'payments/codes/find': {
    params: { digest: Uint8Array }
    row: { id: number; usesLeft: number }
    returns: 'maybe'
  }
  'payments/codes/find-redemption': {
    params: { codeId: number; accountId: number }
    row: { codeId: number; valueNanos: number; plan: string | null; redeemedAt: Date }
    returns: 'maybe'
  }
  'payments/codes/find-repeated': {
    params: { codeId: number; accountId: number; userId: number }
    row: { accountId: number; redeemedAt: Date }
    returns: 'maybe'
  }
  'payments/codes/insert-batch': {
    params: { name: string; valueNanos: number; planId: number | null; months: number | null; codes: number; uses: number; expiresAt: Date | null; actor: string }
    row: Record<never, never>
    returns: 'id'
  }
  'payments/codes/insert-codes': {
    params: { codes: readonly { batchId: number; digest: Uint8Array; usesLeft: number }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/codes/insert-redemption': {
    params: { codeId: number; accountId: number; userId: number | null; valueNanos: number; planId: number | null; entrySeq: number; redeemedAt: string }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/codes/list-batches': {
    params: { before: number; rows: number }
    row: { id: number; name: string; valueNanos: number; plan: string | null; months: number | null; codes: number; uses: number; expiresAt: Date | null; canceledAt: Date | null; createdBy: string; createdAt: Date; isExpired: number | null; redeemed: number | null }
    returns: 'many'
  }
  'payments/codes/list-numbers': {
    params: { batchId: number }
    row: { id: number; digest: Buffer }
    returns: 'many'
  }
  'payments/codes/list-redeemed': {
    params: { accountId: number; rows: number }
    row: { codeId: number; valueNanos: number; plan: string | null; months: number | null; redeemedAt: Date }
    returns: 'many'
  }
  'payments/codes/list-redemptions': {
    params: { batchId: number; afterCode: number; afterAccount: number; rows: number }
    row: { codeId: number; accountId: number; redeemedAt: Date }
    returns: 'many'
  }
  'payments/codes/lock': {
    params: { id: number }
    row: { id: number; batchId: number; usesLeft: number; canceledAt: Date | null }
    returns: 'maybe'
  }
  'payments/codes/read-batch': {
    params: { id: number }
    row: { id: number; name: string; valueNanos: number; planId: number | null; months: number | null; codes: number; uses: number; expiresAt: Date | null; canceledAt: Date | null; isExpired: number | null }
    returns: 'maybe'
  }
  'payments/codes/use-one': {
    params: { id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/events/count-known': {
    params: { provider: PaymentProviderName; eventId: string }
    row: { events: number }
    returns: 'one'
  }
  'payments/events/count-noted': {
    params: { orderId: number }
    row: { events: number }
    returns: 'one'
  }
  'payments/events/delete-stray': {
    params: { days: number; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/events/list': {
    params: { orderId: number; rows: number }
    row: { eventId: string; eventKind: string; verdict: EventVerdict; times: number; receivedAt: Date }
    returns: 'many'
  }
  'payments/events/record': {
    params: { provider: PaymentProviderName; eventId: string; eventKind: string; orderId: number | null; verdict: EventVerdict }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/claim': {
    params: { id: number; seconds: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/close': {
    params: { id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/count-open': {
    params: { accountId: number }
    row: { orders: number }
    returns: 'one'
  }
  'payments/orders/find-by-payment': {
    params: { provider: PaymentProviderName; paymentRef: string }
    row: { publicId: Buffer }
    returns: 'maybe'
  }
  'payments/orders/insert': {
    params: { publicId: Uint8Array; accountId: number; userId: number | null; provider: PaymentProviderName; currency: string; amountMinor: number; creditNanos: number; rate: number; planId: number | null; openHours: number }
    row: Record<never, never>
    returns: 'id'
  }
  'payments/orders/list': {
    params: { accountId: number | null; state: OrderState | null; provider: PaymentProviderName | null; idFrom: Uint8Array; idTo: Uint8Array; before: number; rows: number }
    row: { id: number; publicId: Buffer; accountId: number; userId: number | null; provider: PaymentProviderName; currency: string; amountMinor: number; creditNanos: number; rate: number; planId: number | null; planOutcome: PlanOutcome | null; state: OrderState; providerRef: string | null; paymentRef: string | null; payUrl: string | null; reversedMinor: number; takenNanos: number; createdAt: Date; expiresAt: Date; paidAt: Date | null; askedAt: Date | null; cameAt: Date | null; cameMinor: number | null; cameCurrency: string | null }
    returns: 'many'
  }
  'payments/orders/list-due': {
    params: { secondsLeast: number; secondsMax: number; rows: number }
    row: { publicId: Buffer }
    returns: 'many'
  }
  'payments/orders/mark-ended': {
    params: { id: number; state: OrderState }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/mark-paid': {
    params: { id: number; providerRef: string; paymentRef: string | null; mayHaveEnded: number; creditNanos: number; rate: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/mark-pending': {
    params: { id: number; providerRef: string | null; payUrl: string }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/mark-unclear': {
    params: { id: number; providerRef: string; paymentRef: string | null; mayHaveEnded: number; creditNanos: number; rate: number; cameMinor: number | null; cameCurrency: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/read': {
    params: { publicId: Uint8Array }
    row: { id: number; publicId: Buffer; accountId: number; userId: number | null; provider: PaymentProviderName; currency: string; amountMinor: number; creditNanos: number; rate: number; planId: number | null; planOutcome: PlanOutcome | null; state: OrderState; providerRef: string | null; paymentRef: string | null; payUrl: string | null; reversedMinor: number; takenNanos: number; createdAt: Date; expiresAt: Date; paidAt: Date | null; askedAt: Date | null; cameAt: Date | null; cameMinor: number | null; cameCurrency: string | null }
    returns: 'maybe'
  }
  'payments/orders/read-address': {
    params: { accountId: number }
    row: { name: string; address: string | null }
    returns: 'maybe'
  }
  'payments/orders/settle': {
    params: { id: number; creditNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/write-address': {
    params: { accountId: number; address: string | null }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/write-plan-outcome': {
    params: { id: number; planOutcome: PlanOutcome }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/orders/write-reversed': {
    params: { id: number; state: OrderState; reversedMinor: number; takenNanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/reversals/insert': {
    params: { orderId: number; kind: ReversalKind; state: ReversalState; provider: PaymentProviderName; providerRef: string | null; amountMinor: number; nanos: number; actor: string }
    row: Record<never, never>
    returns: 'id'
  }
  'payments/reversals/list': {
    params: { orderId: number; rows: number }
    row: { id: number; orderId: number; kind: ReversalKind; state: ReversalState; providerRef: string | null; amountMinor: number; nanos: number; actor: string; createdAt: Date }
    returns: 'many'
  }
  'payments/reversals/move': {
    params: { id: number; was: ReversalState; state: ReversalState; providerRef: string | null; nanos: number }
    row: Record<never, never>
    returns: 'count'
  }
  'payments/reversals/read': {
    params: { id: number }
    row: { id: number; orderId: number; kind: ReversalKind; state: ReversalState; providerRef: string | null; amountMinor: number; nanos: number; actor: string; createdAt: Date }
    returns: 'maybe'
  }
  'payments/reversals/read-by-ref': {
    params: { provider: PaymentProviderName; providerRef: string }
    row: { id: number; orderId: number; kind: ReversalKind; state: ReversalState; providerRef: string | null; amountMinor: number; nanos: number; actor: string; createdAt: Date }
    returns: 'maybe'
  }
  'plans/find-on-sale': {
    params: { name: string }
    row: { id: number; name: string; creditNanos: number; priceNanos: number; models: string | null; groupName: string | null; rolloverNanos: number; graceDays: number }
    returns: 'maybe'
  }
  'plans/insert': {
    params: { name: string; creditNanos: number; priceNanos: number; models: string | null; groupName: string | null; rolloverNanos: number; graceDays: number }
    row: Record<never, never>
    returns: 'id'
  }
  'plans/list': {
    params: { all: number; rows: number }
    row: { id: number; name: string; onSale: number; creditNanos: number; priceNanos: number; models: string | null; groupName: string | null; rolloverNanos: number; graceDays: number; createdAt: Date; subscribers: number | null }
    returns: 'many'
  }
  'plans/read-standing': {
    params: { accountId: number }
    row: { groupName: string | null; balanceNanos: number; planNanos: number; planId: number | null; monthlyNanos: number | null; priceNanos: number | null; renewsAt: Date | null; inGrace: number | null; canceledAt: Date | null; endsAt: Date | null; nextPlanId: number | null; name: string | null; models: string | null; rolloverNanos: number | null; graceDays: number | null; nextName: string | null; nextPriceNanos: number | null; nextCreditNanos: number | null }
    returns: 'maybe'
  }
  'plans/withdraw': {
    params: { id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'price-import/claim': {
    params: { digest: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'price-import/insert-rows': {
    params: { rows: readonly { scope: string; model: string; effectiveFrom: Date; terms: string; contextTokens: number | null; outputTokensMax: number | null; source: string; actor: string }[] }
    row: Record<never, never>
    returns: 'count'
  }
  'price-import/list-costs': {
    params: { scopes: readonly (string)[]; at: Date }
    row: { scope: string; model: string; terms: string; contextTokens: number | null; outputTokensMax: number | null }
    returns: 'many'
  }
  'price-import/list-rows': {
    params: Record<never, never>
    row: { scope: string; model: string; effectiveFrom: Date; terms: string; contextTokens: number | null; outputTokensMax: number | null }
    returns: 'many'
  }
  'price-import/read-last': {
    params: Record<never, never>
    row: { id: number }
    returns: 'one'
  }
  'rates/count': {
    params: Record<never, never>
    row: { limits: number }
    returns: 'one'
  }
  'rates/delete': {
    params: { limitScope: LimitScope; subject: string }
    row: Record<never, never>
    returns: 'count'
  }
  'rates/find-group': {
    params: { accountId: number }
    row: { groupName: string | null; readMs: number | null }
    returns: 'maybe'
  }
  'rates/find-subject': {
    params: { limitScope: LimitScope; id: number; name: string }
    row: { found: number | null }
    returns: 'one'
  }
  'rates/list': {
    params: { rows: number }
    row: { limitScope: LimitScope; subject: string; requests: number | null; tokens: number | null; calls: number | null; burstSeconds: number | null }
    returns: 'many'
  }
  'rates/list-of-account': {
    params: { accountId: number; account: string; key: string; rows: number }
    row: { limitScope: LimitScope; subject: string; requests: number | null; tokens: number | null; calls: number | null; burstSeconds: number | null }
    returns: 'many'
  }
  'rates/put': {
    params: { limitScope: LimitScope; subject: string; requests: number | null; tokens: number | null; calls: number | null; burstSeconds: number | null }
    row: Record<never, never>
    returns: 'count'
  }
  'rates/read-mark': {
    params: Record<never, never>
    row: { mark: string | null; readMs: number | null }
    returns: 'one'
  }
  'relay/delete-expired-stored': {
    params: { rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'relay/find-stored': {
    params: { digest: Uint8Array; accountId: number }
    row: { upstream: string; upstreamKey: string; model: string }
    returns: 'maybe'
  }
  'relay/forget-stored': {
    params: { digest: Uint8Array; accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'relay/note-stored': {
    params: { digest: Uint8Array; accountId: number; upstream: string; upstreamKey: string; model: string; days: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/count-accounts-of': {
    params: { userId: number }
    row: { total: number }
    returns: 'one'
  }
  'teams/count-other-owners': {
    params: { accountId: number; userId: number }
    row: { total: number }
    returns: 'one'
  }
  'teams/count-people': {
    params: { accountId: number }
    row: { people: number | null; invited: number | null }
    returns: 'one'
  }
  'teams/delete-old-invitations': {
    params: { accountId: number; days: number; rows: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/end-member': {
    params: { accountId: number; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/find-invitation': {
    params: { digest: Uint8Array }
    row: { id: number; accountId: number; accountName: string; role: Role; capNanos: number | null; usedBy: number | null; madeBy: string | null; expiresAt: Date; state: InvitationState }
    returns: 'maybe'
  }
  'teams/find-person': {
    params: { userId: number }
    row: { name: string }
    returns: 'maybe'
  }
  'teams/insert-invitation': {
    params: { accountId: number; digest: Uint8Array; role: Role; capNanos: number | null; forWhom: string | null; madeBy: number; hours: number }
    row: Record<never, never>
    returns: 'id'
  }
  'teams/list-accounts-of': {
    params: { userId: number; homeAccountId: number; rows: number }
    row: { id: number; name: string }
    returns: 'many'
  }
  'teams/list-invitations': {
    params: { accountId: number; rows: number }
    row: { id: number; role: Role; capNanos: number | null; forWhom: string | null; createdAt: Date; expiresAt: Date; madeBy: string | null; usedBy: string | null; state: InvitationState }
    returns: 'many'
  }
  'teams/list-people': {
    params: { accountId: number; rows: number }
    row: { userId: number; role: Role; capNanos: number | null; joinedAt: Date; name: string; email: string | null; capUsedNanos: number | null; usableKeys: number | null }
    returns: 'many'
  }
  'teams/move-home': {
    params: { userId: number; fromId: number; toId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/put-member': {
    params: { accountId: number; userId: number; role: Role; capNanos: number | null }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/read-cap': {
    params: { accountId: number; userId: number }
    row: { capNanos: number | null; endsAt: Date | null; usedNanos: number | null }
    returns: 'maybe'
  }
  'teams/read-invitation': {
    params: { accountId: number; id: number }
    row: { role: Role; forWhom: string | null }
    returns: 'maybe'
  }
  'teams/read-member': {
    params: { accountId: number; userId: number }
    row: { userId: number; role: Role; capNanos: number | null; joinedAt: Date; leftAt: Date | null; heldNanos: number; name: string; email: string | null; isHome: number; homesLeft: number }
    returns: 'maybe'
  }
  'teams/rename-account': {
    params: { accountId: number; name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/revoke-invitation': {
    params: { accountId: number; id: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/revoke-invitations-of': {
    params: { accountId: number; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/set-member': {
    params: { accountId: number; userId: number; role: Role; capNanos: number | null }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/use-invitation': {
    params: { digest: Uint8Array; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/write-home': {
    params: { accountId: number; userId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'teams/write-homes': {
    params: { accountId: number }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/change': {
    params: { name: string; version: number; definition: string; state: UpstreamState; priority: number; weight: number }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/count-parts': {
    params: { name: string }
    row: { upstreams: number | null; apiKeys: number | null; models: number | null }
    returns: 'one'
  }
  'upstreams/delete': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/delete-key': {
    params: { upstream: string; name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/delete-keys': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/delete-model': {
    params: { upstream: string; model: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/delete-models': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/insert': {
    params: { name: string; definition: string; state: UpstreamState; priority: number; weight: number }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/insert-key': {
    params: { upstream: string; name: string; lastFour: string; sealed: Uint8Array; sealedBy: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/list': {
    params: Record<never, never>
    row: { name: string; definition: string; state: UpstreamState; priority: number; weight: number; version: number; createdAt: Date; changedAt: Date }
    returns: 'many'
  }
  'upstreams/list-keys': {
    params: Record<never, never>
    row: { id: number; upstream: string; name: string; lastFour: string; sealed: Buffer; sealedBy: Buffer; enabled: number; createdAt: Date }
    returns: 'many'
  }
  'upstreams/list-models': {
    params: Record<never, never>
    row: { upstream: string; model: string; theirName: string }
    returns: 'many'
  }
  'upstreams/lock-keys': {
    params: Record<never, never>
    row: { id: number; upstream: string; name: string; sealed: Buffer; sealedBy: Buffer }
    returns: 'many'
  }
  'upstreams/put-model': {
    params: { upstream: string; model: string; theirName: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/read-mark': {
    params: Record<never, never>
    row: { mark: string | null }
    returns: 'one'
  }
  'upstreams/reseal-key': {
    params: { id: number; sealed: Uint8Array; sealedBy: Uint8Array }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/set-key-enabled': {
    params: { upstream: string; name: string; enabled: number }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/touch': {
    params: { name: string }
    row: Record<never, never>
    returns: 'count'
  }
  'upstreams/touch-all': {
    params: Record<never, never>
    row: Record<never, never>
    returns: 'count'
  }
  'usage/count-open': {
    params: { beforeId: Uint8Array }
    row: { open: number }
    returns: 'one'
  }
  'usage/find-owner': {
    params: { id: Uint8Array }
    row: { accountId: number }
    returns: 'maybe'
  }
  'usage/ids-of': {
    params: { accountId: number; combinations: readonly { keyId: number; model: string; statusCode: number; outcome: string }[]; from: Uint8Array; to: Uint8Array; rows: number }
    row: { id: Buffer }
    returns: 'many'
  }
  'usage/keep-sums': {
    params: { from: Uint8Array; beforeId: Uint8Array; beforeDay: string }
    row: Record<never, never>
    returns: 'count'
  }
  'usage/list-calls': {
    params: { accountId: number; ids: readonly (Uint8Array)[] }
    row: { id: Buffer; keyId: number; keyName: string | null; model: string; upstream: string | null; statusCode: number; errorCode: CallErrorCode | null; outcome: Outcome; streamed: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; otherUnits: string | null; usageSource: UsageSource; costNanos: number; planNanos: number; balanceNanos: number; firstByteMs: number | null; totalMs: number | null; attempts: number; client: string | null; startedAt: Date; endedAt: Date }
    returns: 'many'
  }
  'usage/list-days': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number }
    row: { day: string | null; slot: number | null; calls: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; costNanos: number }
    returns: 'many'
  }
  'usage/list-entries': {
    params: { accountId: number; callId: Uint8Array }
    row: { seq: number; kind: EntryKind; planNanos: number; balanceNanos: number; planAfterNanos: number; balanceAfterNanos: number; createdAt: Date }
    returns: 'many'
  }
  'usage/list-entries-of-call': {
    params: { callId: Uint8Array }
    row: { accountId: number; seq: number; kind: EntryKind; planNanos: number; balanceNanos: number; createdAt: Date }
    returns: 'many'
  }
  'usage/list-recent': {
    params: { before: Uint8Array; accountId: number | null; model: string | null; statusCode: number | null; outcome: Outcome | null; rows: number }
    row: { id: Buffer; accountId: number; keyId: number; model: string; upstream: string | null; upstreamStatus: number | null; upstreamCode: string | null; statusCode: number; errorCode: CallErrorCode | null; outcome: Outcome; streamed: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; usageSource: UsageSource; holdNanos: number; costNanos: number; planNanos: number; balanceNanos: number; overrunNanos: number; waivedNanos: number; otherModel: string | null; usageFlag: UsageFlag | null; priceId: number; firstByteMs: number | null; totalMs: number | null; attempts: number; client: string | null; startedAt: Date; endedAt: Date }
    returns: 'many'
  }
  'usage/name-keys': {
    params: { accountId: number }
    row: { id: number; name: string }
    returns: 'many'
  }
  'usage/newest-ids': {
    params: { accountId: number; from: Uint8Array; to: Uint8Array; rows: number }
    row: { id: Buffer }
    returns: 'many'
  }
  'usage/oldest-ids': {
    params: { accountId: number; from: Uint8Array; to: Uint8Array; rows: number }
    row: { id: Buffer }
    returns: 'many'
  }
  'usage/read-call': {
    params: { accountId: number; id: Uint8Array }
    row: { id: Buffer; accountId: number; keyId: number; keyName: string | null; keyPrefix: string | null; keyLastFour: string | null; keyUserId: number | null; model: string; upstream: string | null; upstreamRequestId: string | null; upstreamStatus: number | null; upstreamCode: string | null; upstreamKey: string | null; upstreamNanos: number | null; tries: string | null; statusCode: number; errorCode: CallErrorCode | null; outcome: Outcome; streamed: number; inputTokens: number; cachedTokens: number; cacheWriteTokens: number; outputTokens: number; reasoningTokens: number; outputTokensMax: number; usageSource: UsageSource; usageFlag: UsageFlag | null; serviceTier: string | null; otherUnits: string | null; priceFactor: number | null; accountFactor: number | null; holdNanos: number; costNanos: number; planNanos: number; balanceNanos: number; neededNanos: number | null; leftNanos: number | null; overrunNanos: number; waivedNanos: number; otherModel: string | null; firstByteMs: number | null; totalMs: number | null; attempts: number; clientRetry: number; client: string | null; startedAt: Date; endedAt: Date; priceId: number; priceFrom: Date | null; terms: string | null }
    returns: 'maybe'
  }
  'usage/read-open': {
    params: { id: Uint8Array }
    row: { accountId: number; keyId: number; model: string; planNanos: number; balanceNanos: number; startedAt: Date }
    returns: 'maybe'
  }
  'usage/read-span': {
    params: { accountId: number }
    row: { firstSlot: number | null; lastSlot: number | null; keptFrom: Buffer | null }
    returns: 'one'
  }
  'usage/sum-combinations': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number; keyId: number | null; model: string | null; statusLeast: number; statusMost: number; outcome: Outcome | null; userId: number | null }
    row: { keyId: number; model: string; statusCode: number; outcome: Outcome; calls: number | null; inputTokens: number | null; cachedTokens: number | null; cacheWriteTokens: number | null; outputTokens: number | null; reasoningTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
  'usage/sum-days': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number; keyId: number | null; model: string | null; statusLeast: number; statusMost: number; outcome: Outcome | null; userId: number | null }
    row: { day: string | null; slot: number | null; calls: number | null; inputTokens: number | null; cachedTokens: number | null; cacheWriteTokens: number | null; outputTokens: number | null; reasoningTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
  'usage/sum-dropped': {
    params: { beforeId: Uint8Array }
    row: { calls: number }
    returns: 'one'
  }
  'usage/sum-key-days': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number; keyIds: readonly (number)[] }
    row: { keyId: number; day: string | null; slot: number | null; costNanos: number | null }
    returns: 'many'
  }
  'usage/sum-models': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number; keyId: number | null; model: string | null; statusLeast: number; statusMost: number; outcome: Outcome | null; userId: number | null }
    row: { model: string; calls: number | null; inputTokens: number | null; outputTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
  'usage/sum-stack': {
    params: { accountId: number; zone: string; from: string; to: string; fromSlot: number; toSlot: number; keyId: number | null; model: string | null; statusLeast: number; statusMost: number; outcome: Outcome | null; userId: number | null; models: readonly (string)[]; keyIds: readonly (number)[] }
    row: { part: number; day: string | null; slot: number | null; calls: number | null; inputTokens: number | null; outputTokens: number | null; costNanos: number | null }
    returns: 'many'
  }
}
