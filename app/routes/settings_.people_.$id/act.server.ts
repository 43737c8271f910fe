import type { MessageDescriptor } from '@lingui/core'
import { z } from 'zod'
import { announceRevocation } from '../../keys/keys.server.ts'
import { announceMoney } from '../../ledger/ledger.server.ts'
import { capField, formOf, issueText, type PersonalArgs } from '../../pages/pages.server.ts'
import { removeMember, setMember, type TeamRefusal } from '../../teams/teams.server.ts'
import { msg } from '../../values/language/msg.ts'
import { roles } from '../../values/teams/roles.ts'

const Intent = z.discriminatedUnion('intent', [
  z.object({ intent: z.literal('set'), role: z.enum(roles), cap: capField }),
  z.object({ intent: z.literal('remove') }),
])

type PersonAnswer =
  | { kind: 'set' | 'removed' }
  | { kind: 'invalid'; typed: { role?: string; cap?: string }; error: MessageDescriptor }
  | { kind: 'refused'; why: TeamRefusal }

const textIn = (form: FormData, name: string) => {
  const value = form.get(name)
  return typeof value === 'string' ? value : undefined
}

/** Does what a form about one of the account's people asks for. */
export async function actOnPerson(
  { request, person, services }: PersonalArgs,
  userId: number,
): Promise<PersonAnswer> {
  const form = await formOf(request)
  const parsed = Intent.safeParse(Object.fromEntries(form))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const error = issue ? issueText(issue) : msg`This is not valid.`
    return { kind: 'invalid', typed: { cap: textIn(form, 'cap') }, error }
  }
  const { db, redis } = services
  const { accountId } = person
  const named = { accountId, userId, by: { userId: person.userId } }
  const order = parsed.data
  const done =
    order.intent === 'set'
      ? await setMember(db, { ...named, role: order.role, capNanos: order.cap })
      : await removeMember(db, named)
  if (typeof done === 'string') return { kind: 'refused', why: done }
  for (const keyId of done.revokedKeys) await announceRevocation(redis, keyId)
  // Who was refused for a cap that is gone need not wait for it.
  if (order.intent === 'set') await announceMoney(redis, accountId)
  return { kind: order.intent === 'set' ? 'set' : 'removed' }
}
