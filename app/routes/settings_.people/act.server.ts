import type { MessageDescriptor } from '@lingui/core'
import { z } from 'zod'
import { limits } from '../../config/limits.ts'
import {
  capField,
  formOf,
  issueText,
  lineField,
  neededLineField,
  newFormToken,
  spendFormToken,
  type PersonalArgs,
} from '../../pages/pages.server.ts'
import { joinPath } from '../../paths.ts'
import {
  makeInvitation,
  renameAccount,
  revokeInvitation,
  type TeamRefusal,
} from '../../teams/teams.server.ts'
import { clockMs } from '../../values/clock.ts'
import { msg } from '../../values/language/msg.ts'
import { roles } from '../../values/teams/roles.ts'

const { forWhomCharsMax } = limits.teams
const { nameCharsMax } = limits.auth

const Intent = z.discriminatedUnion('intent', [
  z.object({
    intent: z.literal('invite'),
    role: z.enum(roles),
    cap: capField,
    forWhom: lineField(forWhomCharsMax, {
      tooLong: {
        ...msg`What the link is for has at most {most} characters.`,
        values: { most: forWhomCharsMax },
      },
      unseen: msg`What the link is for must be one line of visible characters.`,
    }),
    formToken: z.string().max(100),
  }),
  z.object({ intent: z.literal('revoke'), invitation: z.string().regex(/^\d{1,15}$/) }),
  z.object({
    intent: z.literal('rename'),
    name: neededLineField(nameCharsMax, {
      tooLong: { ...msg`A name has at most {most} characters.`, values: { most: nameCharsMax } },
      unseen: msg`A name must be one line of visible characters.`,
      missing: msg`Give the account a name.`,
    }),
  }),
])

type Typed = { role: string; cap: string; forWhom: string; name: string }
type Faults = Partial<Record<keyof Typed, MessageDescriptor>>
export type PeopleAnswer =
  /** The link is in this answer and in no other. */
  | { kind: 'invited'; link: string }
  | { kind: 'revoked' | 'renamed' | 'repeated' | 'stale' | 'unknown' }
  | { kind: 'invalid'; typed: Typed; errors: Faults }
  | { kind: 'refused'; why: TeamRefusal }

const statuses = {
  invited: 200,
  revoked: 200,
  renamed: 200,
  repeated: 409,
  stale: 409,
  unknown: 400,
  invalid: 400,
  refused: 409,
} satisfies Record<PeopleAnswer['kind'], number>

const textIn = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === 'string' ? value : ''
}

/** What was typed, with what is wrong with it; nothing where the form is none of this page's. */
function invalid(form: FormData, error: z.ZodError): PeopleAnswer {
  const [role, cap] = [textIn(form, 'role'), textIn(form, 'cap')]
  const typed = { role, cap, forWhom: textIn(form, 'forWhom'), name: textIn(form, 'name') }
  const errors: Faults = {}
  for (const issue of error.issues) {
    const [field] = issue.path
    if (typeof field !== 'string' || !Object.hasOwn(typed, field)) return { kind: 'unknown' }
    errors[field as keyof Typed] ??= issueText(issue)
  }
  return { kind: 'invalid', typed, errors }
}

async function act({ request, person, services }: PersonalArgs): Promise<PeopleAnswer> {
  const form = await formOf(request)
  const parsed = Intent.safeParse(Object.fromEntries(form))
  if (!parsed.success) return invalid(form, parsed.error)
  const order = parsed.data
  const { db, env } = services
  const { accountId, userId } = person
  const by = { userId }
  switch (order.intent) {
    case 'invite': {
      const token = await spendFormToken(db, order.formToken, clockMs())
      if (token !== 'spent') return { kind: token }
      const { role, cap: capNanos, forWhom } = order
      const made = await makeInvitation(db, { accountId, by, role, capNanos, forWhom })
      if (typeof made === 'string') return { kind: 'refused', why: made }
      return { kind: 'invited', link: env.APP_URL + joinPath(made.token) }
    }
    case 'revoke': {
      const id = Number(order.invitation)
      const state = await revokeInvitation(db, { accountId, id, by })
      return state === 'revoked' ? { kind: state } : { kind: 'refused', why: state }
    }
    case 'rename': {
      await renameAccount(db, { accountId, userId }, order.name)
      return { kind: 'renamed' }
    }
  }
}

/** Does what a form of the people page asks for. */
export async function actOnPeople(args: PersonalArgs) {
  const answer = await act(args)
  return { answer: { ...answer, formToken: newFormToken() }, status: statuses[answer.kind] }
}
