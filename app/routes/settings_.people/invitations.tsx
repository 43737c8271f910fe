import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import { roleWords } from '../../ui/account/role-words.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'
import type { InvitationState } from '../../values/teams/invitation-states.ts'
import type { Role } from '../../values/teams/roles.ts'

type Invitation = {
  id: number
  role: Role
  forWhom: string | null
  madeBy: string | null
  usedBy: string | null
  expiresAt: Date
  state: InvitationState
  mayRevoke: boolean
}

const states = {
  open: { tone: 'good', word: msg`open` },
  used: { tone: 'plain', word: msg`used` },
  revoked: { tone: 'plain', word: msg`taken back` },
  expired: { tone: 'warn', word: msg`expired` },
} satisfies Record<InvitationState, { tone: Tone; word: MessageDescriptor }>

/** Until when it may be used, or by whom it was. */
function Since({ state, usedBy, expiresAt }: Pick<Invitation, 'state' | 'usedBy' | 'expiresAt'>) {
  if (state === 'open')
    return (
      <Trans>
        until <Time at={expiresAt} to="minute" />
      </Trans>
    )
  if (state !== 'used') return null
  return usedBy === null ? <Trans>by somebody who is gone</Trans> : <Trans>by {usedBy}</Trans>
}

function TakeBack({ action, id, name }: { action: string; id: number; name: string }) {
  const { t } = useLingui()
  return (
    <PostForm action={action} className="md:text-right">
      <input type="hidden" name="intent" value="revoke" />
      <input type="hidden" name="invitation" value={id} />
      <button
        type="submit"
        aria-label={t`Take back the invitation ${name}`}
        className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
      >
        <Trans>Take back</Trans>
      </button>
    </PostForm>
  )
}

/** Links that were made, and what became of them. */
export function Invitations({
  action,
  invitations,
}: {
  action: string
  invitations: Invitation[]
}) {
  const { t } = useLingui()
  const [role, madeBy] = [t`Role`, t`Made by`]
  const heads = [
    { text: t`For whom` },
    { text: role },
    { text: madeBy },
    { text: t`State` },
    { text: t`Change`, isHidden: true },
  ]
  return (
    <Table label={t`Invitations`} heads={heads}>
      {invitations.map((it) => {
        const { id, state } = it
        const name = it.forWhom ?? t`No. ${id}`
        return (
          <Row key={id} isFaded={state !== 'open'}>
            <Cell narrow="max-md:col-span-full max-md:font-semibold">
              <span className="wrap-anywhere">{name}</span>
            </Cell>
            <Cell label={role}>{t(roleWords[it.role].name)}</Cell>
            <Cell label={madeBy}>
              <span className="wrap-anywhere">{it.madeBy ?? t`nobody who is here`}</span>
            </Cell>
            <Cell>
              <Badge tone={states[state].tone}>{t(states[state].word)}</Badge>{' '}
              <span className="text-xs text-muted">
                <Since {...it} />
              </span>
            </Cell>
            <Cell>{it.mayRevoke && <TakeBack action={action} id={id} name={name} />}</Cell>
          </Row>
        )
      })}
    </Table>
  )
}
