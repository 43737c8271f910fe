import { roleWords } from '../../ui/account/role-words.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
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

const heads = [
  { text: 'For whom' },
  { text: 'Role' },
  { text: 'Made by' },
  { text: 'State' },
  { text: 'Change', isHidden: true },
]

const states = {
  open: { tone: 'good', word: 'open' },
  used: { tone: 'plain', word: 'used' },
  revoked: { tone: 'plain', word: 'taken back' },
  expired: { tone: 'warn', word: 'expired' },
} satisfies Record<InvitationState, { tone: Tone; word: string }>

/** Links that were made, and what became of them. */
export const Invitations = ({
  action,
  invitations,
}: {
  action: string
  invitations: Invitation[]
}) => (
  <Table label="Invitations" heads={heads}>
    {invitations.map(({ id, role, forWhom, madeBy, usedBy, expiresAt, state, mayRevoke }) => (
      <Row key={id} isFaded={state !== 'open'}>
        <Cell narrow="max-md:col-span-full max-md:font-semibold">
          <span className="wrap-anywhere">{forWhom ?? `No. ${id}`}</span>
        </Cell>
        <Cell label="Role">{roleWords[role].name}</Cell>
        <Cell label="Made by">
          <span className="wrap-anywhere">{madeBy ?? 'nobody who is here'}</span>
        </Cell>
        <Cell>
          <Badge tone={states[state].tone}>{states[state].word}</Badge>{' '}
          <span className="text-xs text-muted">
            {state === 'open' && (
              <>
                until <Time at={expiresAt} to="minute" />
              </>
            )}
            {state === 'used' && `by ${usedBy ?? 'somebody who is gone'}`}
          </span>
        </Cell>
        <Cell>
          {mayRevoke && (
            <PostForm action={action} className="md:text-right">
              <input type="hidden" name="intent" value="revoke" />
              <input type="hidden" name="invitation" value={id} />
              <button
                type="submit"
                aria-label={`Take back the invitation ${forWhom ?? `No. ${id}`}`}
                className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
              >
                Take back
              </button>
            </PostForm>
          )}
        </Cell>
      </Row>
    ))}
  </Table>
)
