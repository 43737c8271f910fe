import type { MessageDescriptor } from '@lingui/core'
import { z } from 'zod'
import {
  askForAddress,
  askForTest,
  chooseThreshold,
  forgetAddress,
  removeWebhook,
  rotateWebhook,
  setChoices,
  setWebhook,
} from '../../notices/notices.server.ts'
import {
  formOf,
  requireRight,
  spendFormToken,
  type PersonalArgs,
} from '../../pages/pages.server.ts'
import { setTimeZone } from '../../accounts/accounts.server.ts'
import { limits } from '../../config/limits.ts'
import { clockMs } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'
import { parseUsd } from '../../values/money.ts'
import { timeZoneOf } from '../../values/zones/zones.ts'
import { accountNoticeKinds } from '../../values/notices/notice-kinds.ts'

/** The forms that change what is the whole account's. */
const ofAccount = ['threshold', 'webhook', 'rotate', 'remove', 'test-webhook', 'time-zone'] as const
const Intent = z.enum(['choices', 'address', 'forget-address', 'test-mail', ...ofAccount])
type Intent = z.output<typeof Intent>

export type NoticesAnswer =
  | { kind: 'done'; what: Intent }
  | { kind: 'secret'; secret: string; isNew: boolean }
  | {
      kind: 'invalid'
      field: 'address' | 'below' | 'url' | 'zone'
      error: MessageDescriptor
      typed: string
    }
  | { kind: 'too-soon' | 'repeated' | 'unknown' }

const textIn = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}
/** What is not ticked. */
const mutedIn = (form: FormData) => accountNoticeKinds.filter((kind) => form.get(kind) !== 'on')

async function threshold(
  { services, person }: PersonalArgs,
  form: FormData,
): Promise<NoticesAnswer> {
  const typed = textIn(form, 'below')
  const nanos = typed === '' ? null : parseUsd(typed.replace(/^\$/, ''))
  if (nanos === undefined || (nanos !== null && (nanos <= 0 || nanos > limits.accounts.nanosMax))) {
    const error = msg`Write dollars, such as 5 or 0.50, or nothing for no notice.`
    return { kind: 'invalid', field: 'below', error, typed }
  }
  await chooseThreshold(services.db, person, nanos)
  return { kind: 'done', what: 'threshold' }
}

async function webhook({ services, person }: PersonalArgs, form: FormData): Promise<NoticesAnswer> {
  const typed = textIn(form, 'url')
  const target = { url: typed, muted: mutedIn(form) }
  const set = await setWebhook(services.db, services.env, person, target)
  if (set.state === 'invalid') return { kind: 'invalid', field: 'url', error: set.fault, typed }
  return set.state === 'made'
    ? { kind: 'secret', secret: set.secret, isNew: true }
    : { kind: 'done', what: 'webhook' }
}

async function timeZone(
  { services, person }: PersonalArgs,
  form: FormData,
): Promise<NoticesAnswer> {
  const typed = textIn(form, 'zone')
  const zone = timeZoneOf(typed)
  if (zone === undefined) {
    const error = msg`There is no such time zone. Write it as Asia/Shanghai, Europe/Berlin or UTC.`
    return { kind: 'invalid', field: 'zone', error, typed }
  }
  const { accountId, userId } = person
  await setTimeZone(services.db, { accountId, userId, zone })
  return { kind: 'done', what: 'time-zone' }
}

/** Sent twice it would end the secret that the first of the two has just shown. */
async function rotate({ services, person }: PersonalArgs, form: FormData): Promise<NoticesAnswer> {
  const { db, env } = services
  if ((await spendFormToken(db, form.get('formToken'), clockMs())) !== 'spent')
    return { kind: 'repeated' }
  const secret = await rotateWebhook(db, env, person)
  return secret === undefined ? { kind: 'unknown' } : { kind: 'secret', secret, isNew: false }
}

async function address({ services, person }: PersonalArgs, form: FormData): Promise<NoticesAnswer> {
  const typed = textIn(form, 'address')
  const asked = await askForAddress(services.db, person, typed)
  if (asked === 'asked') return { kind: 'done', what: 'address' }
  const error =
    asked === 'invalid'
      ? msg`This is no mail address, such as ann@example.com is.`
      : msg`You have asked for this too often today. Try again tomorrow.`
  return { kind: 'invalid', field: 'address', error, typed }
}

async function test(
  { services, person }: PersonalArgs,
  what: 'test-mail' | 'test-webhook',
): Promise<NoticesAnswer> {
  const channel = what === 'test-mail' ? 'mail' : 'webhook'
  return (await askForTest(services.db, person, channel))
    ? { kind: 'done', what }
    : { kind: 'too-soon' }
}

/** Does what a form of the page asks for. */
export async function actOnNotices(args: PersonalArgs): Promise<NoticesAnswer> {
  const { services, person } = args
  const form = await formOf(args.request)
  const { data: what } = Intent.safeParse(form.get('intent'))
  if (what === undefined) return { kind: 'unknown' }
  if (ofAccount.some((it) => it === what)) requireRight(person, 'manage-account')
  switch (what) {
    case 'choices':
      await setChoices(services.db, person, {
        mail: form.get('mail') === 'on',
        muted: mutedIn(form),
      })
      return { kind: 'done', what }
    case 'address':
      return address(args, form)
    case 'forget-address':
      await forgetAddress(services.db, person.userId)
      return { kind: 'done', what }
    case 'threshold':
      return threshold(args, form)
    case 'time-zone':
      return timeZone(args, form)
    case 'webhook':
      return webhook(args, form)
    case 'rotate':
      return rotate(args, form)
    case 'remove':
      await removeWebhook(services.db, person)
      return { kind: 'done', what }
    case 'test-mail':
    case 'test-webhook':
      return test(args, what)
  }
}
