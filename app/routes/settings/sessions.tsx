import { Trans, useLingui } from '@lingui/react/macro'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { Device } from './device.server.ts'

type Session = { id: string; createdAt: Date; usedAt: Date; device: Device; isCurrent: boolean }

function useDeviceWords() {
  const { t } = useLingui()
  return ({ browser, system }: Device) => {
    if (browser === null) return t`Unknown program`
    return system === null ? browser : t`${browser} on ${system}`
  }
}

function EndOne({ action, id, name }: { action: string; id: string; name: string }) {
  const { t } = useLingui()
  return (
    <PostForm action={action} className="md:text-right">
      <input type="hidden" name="intent" value="end-one" />
      <input type="hidden" name="session" value={id} />
      <button
        type="submit"
        aria-label={t`End the session of ${name}`}
        className="cursor-pointer rounded-sm py-1 font-medium text-accent underline decoration-accent/40 underline-offset-3 print:hidden"
      >
        <Trans>End</Trans>
      </button>
    </PostForm>
  )
}

/** Where somebody is signed in, the last used first, and ways to end it. */
export function Sessions({ action, sessions }: { action: string; sessions: Session[] }) {
  const { t } = useLingui()
  const nameOf = useDeviceWords()
  const [signedIn, lastUsed] = [t`Signed in`, t`Last used`]
  const heads = [
    { text: t`Device` },
    { text: signedIn },
    { text: lastUsed },
    { text: t`Change`, isHidden: true },
  ]
  return (
    <>
      <Table label={t`Sessions`} heads={heads}>
        {sessions.map(({ id, device, createdAt, usedAt, isCurrent }) => (
          <Row key={id}>
            <Cell narrow="max-md:col-span-full max-md:font-semibold">
              <span className="wrap-anywhere">{nameOf(device)}</span>{' '}
              {isCurrent && (
                <Badge tone="good">
                  <Trans>this one</Trans>
                </Badge>
              )}
            </Cell>
            <Cell label={signedIn}>
              <Time at={createdAt} to="minute" />
            </Cell>
            <Cell label={lastUsed}>
              <Time at={usedAt} to="minute" />
            </Cell>
            <Cell>{!isCurrent && <EndOne action={action} id={id} name={nameOf(device)} />}</Cell>
          </Row>
        ))}
      </Table>
      <PostForm action={action} className="border-t border-line px-4 py-4 sm:px-6 print:hidden">
        <input type="hidden" name="intent" value="end-others" />
        <Button look="secondary">
          <Trans>Sign out everywhere else</Trans>
        </Button>
      </PostForm>
    </>
  )
}
