import type { Env } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { inTime, run, type Db, type Row } from '../db/db.server.ts'
import { stopNoticesPath } from '../paths.ts'
import { isRefusedForGood, type Mail, type Mailer } from './mail.ts'
import { addressProof, stopQuery } from './proofs.ts'
import { hearsByMail, keyOf, peopleOf } from './recipients.ts'
import {
  HookRefused,
  secretFrom,
  secretOf,
  type HookCall,
  type HookCaller,
} from './webhook-call.ts'
import { dataOf, wordsOf, type Fact } from './words.ts'

const { confirmHoursMax, sendMsMax } = limits.notices

export type Due = Row<'notices/list-due'>
export type Senders = { db: Db; env: Env; mailer: Mailer | undefined; hooks: HookCaller }

/** What became of one try; `code` says in a word why it has not arrived. */
export type Tried = { outcome: 'sent' } | { outcome: 'failed'; code: string; isForGood: boolean }

/** Nobody wants it any more, or there is no way left to send it by. */
const unwanted: Tried = { outcome: 'failed', code: 'unwanted', isForGood: true }

const idOf = ({ noticeId }: Due) => Buffer.from(noticeId).toString('hex')
const factOf = ({ kind, payload }: Due) => ({ kind, ...(JSON.parse(payload) as object) }) as Fact

async function hookCallOf({ db, env }: Senders, due: Due): Promise<HookCall | undefined> {
  const { accountId, kind, createdAt } = due
  const body = JSON.stringify({
    type: kind,
    timestamp: createdAt.toISOString(),
    data: dataOf(factOf(due), accountId),
  })
  const id = `msg_${idOf(due)}`
  if (accountId === null) {
    const { OPERATOR_WEBHOOK_URL: url, OPERATOR_WEBHOOK_SECRET: secret } = env
    return url && secret ? { url, id, body, secrets: [secretFrom(secret)] } : undefined
  }
  const webhook = await run(db, 'notices/read-webhook', { accountId })
  if (!webhook) return undefined
  const { url, seed, oldSeed } = webhook
  const secrets = [seed, ...(oldSeed ? [oldSeed] : [])].map((it) => secretOf(env, it))
  return { url, id, body, secrets }
}

/** To an address that is yet to be confirmed, of which its owner has asked for this. */
async function confirmMail({ db, env }: Senders, due: Due): Promise<Mail | undefined> {
  const { userId } = due
  const asked = await run(db, 'notices/settings/read-address', { userId, hours: confirmHoursMax })
  if (!asked?.address || asked.confirmedAt || !asked.isFresh) return undefined
  const proof = addressProof(env, userId, asked.nonce)
  return { to: asked.address, id: idOf(due), told: wordsOf(factOf(due), { proof }) }
}

/** Whoever has left, or has had them stopped since, is not told any more. */
async function mailOf(senders: Senders, due: Due): Promise<Mail | undefined> {
  const { db, env } = senders
  const { accountId, userId, kind, payload } = due
  if (kind === 'address.confirm') return confirmMail(senders, due)
  const id = idOf(due)
  if (accountId === null) {
    const { OPERATOR_EMAIL: to } = env
    return to ? { to, id, told: wordsOf(factOf(due), {}) } : undefined
  }
  const key = await keyOf(db, accountId, kind, payload)
  const one = (await peopleOf(db, accountId)).find((it) => it.userId === userId)
  const isAsked = kind === 'notice.test'
  if (!one?.address || !(isAsked || hearsByMail(one, kind, key?.userId))) return undefined
  const account = await run(db, 'notices/read-account', { accountId })
  return {
    to: one.address,
    id,
    told: wordsOf(factOf(due), { keyName: key?.name }),
    about: `This is about account No. ${accountId}${account ? `, ${account.name}` : ''}.`,
    stopUrl: `${env.APP_URL}${stopNoticesPath(stopQuery(env, { accountId, userId }))}`,
  }
}

const codeForm = /^[\w-]{1,60}$/

/** In a word: a status, what the network says, never what the other side wrote. */
function codeOf(error: unknown): string {
  const { code, responseCode, name } = (error ?? {}) as Record<string, unknown>
  if (typeof responseCode === 'number') return `smtp_${responseCode}`
  const words = [code, name].filter((it) => typeof it === 'string' && codeForm.test(it))
  return String(words[0] ?? 'unknown')
}

/** Tries once to have somebody told. */
export async function deliver(senders: Senders, due: Due): Promise<Tried> {
  try {
    if (due.channel === 'webhook') {
      const call = await hookCallOf(senders, due)
      if (!call) return unwanted
      await senders.hooks.call(call, due.accountId === null)
    } else {
      const mail = senders.mailer && (await mailOf(senders, due))
      if (!senders.mailer || !mail) return unwanted
      await inTime(sendMsMax, senders.mailer.send(mail))
    }
    return { outcome: 'sent' }
  } catch (error) {
    const isForGood = error instanceof HookRefused ? error.isForGood : isRefusedForGood(error)
    return { outcome: 'failed', code: codeOf(error), isForGood }
  }
}
