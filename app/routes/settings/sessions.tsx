import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Session = { id: string; createdAt: Date; usedAt: Date; device: string; isCurrent: boolean }

const heads = [
  { text: 'Device' },
  { text: 'Signed in' },
  { text: 'Last used' },
  { text: 'Change', isHidden: true },
]

/** Where somebody is signed in, the last used first, and ways to end it. */
export const Sessions = ({ action, sessions }: { action: string; sessions: Session[] }) => (
  <>
    <Table label="Sessions" heads={heads}>
      {sessions.map(({ id, device, createdAt, usedAt, isCurrent }) => (
        <Row key={id}>
          <Cell narrow="max-md:col-span-full max-md:font-semibold">
            <span className="wrap-anywhere">{device}</span>{' '}
            {isCurrent && <Badge tone="good">this one</Badge>}
          </Cell>
          <Cell label="Signed in">
            <Time at={createdAt} to="minute" />
          </Cell>
          <Cell label="Last used">
            <Time at={usedAt} to="minute" />
          </Cell>
          <Cell>
            {!isCurrent && (
              <PostForm action={action} className="md:text-right">
                <input type="hidden" name="intent" value="end-one" />
                <input type="hidden" name="session" value={id} />
                <button
                  type="submit"
                  aria-label={`End the session of ${device}`}
                  className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
                >
                  End
                </button>
              </PostForm>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
    <PostForm action={action} className="border-t border-line px-4 py-4 sm:px-6 print:hidden">
      <input type="hidden" name="intent" value="end-others" />
      <Button look="secondary">Sign out everywhere else</Button>
    </PostForm>
  </>
)
