import { Trans, useLingui } from '@lingui/react/macro'
import { Notice } from '../../ui/notice.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import { msg } from '../../values/language/msg.ts'
import type { NoticesAnswer } from './act.server.ts'

const done = {
  choices: msg`Saved`,
  threshold: msg`The threshold is saved`,
  webhook: msg`The webhook is saved`,
  remove: msg`The webhook is removed`,
  'time-zone': msg`The time zone is saved`,
  address: msg`A link is on its way`,
  'forget-address': msg`Mails go to your provider’s address again`,
  'test-mail': msg`A test is on its way to you`,
  'test-webhook': msg`A test is on its way to the webhook`,
} as const

const trouble = {
  'too-soon': msg`A test was sent a moment ago. Wait a minute, and look below what became of it.`,
  repeated: msg`This form was sent before. What it did then stands; nothing more was changed.`,
  unknown: msg`This form has expired or came from another page. Nothing was changed.`,
} as const

type SecretProps = { secret: string; isNew: boolean }

const WebhookSecret = ({ secret, isNew }: SecretProps) => {
  const { t } = useLingui()
  return (
    <Notice
      tone="good"
      title={isNew ? t`The webhook is ready` : t`The webhook has a new secret`}
      isAnswer
    >
      <p>
        {isNew ? (
          <Trans>
            Copy the secret now: it is shown only this once. Your program checks by it that a call
            is ours.
          </Trans>
        ) : (
          <Trans>
            Copy the secret now: it is shown only this once. Your program checks by it that a call
            is ours; until you have changed it there, the old one signs as well.
          </Trans>
        )}
      </p>
      <Snippet title={t`Webhook secret`} text={secret} isWrapped />
    </Notice>
  )
}

/** What came of the form that was sent. */
export function Answered({ answer }: { answer: NoticesAnswer }) {
  const { t } = useLingui()
  if (answer.kind === 'done') {
    const title = answer.what === 'rotate' ? t`Done` : t(done[answer.what])
    return <Notice tone="good" title={title} isAnswer />
  }
  if (answer.kind === 'secret') return <WebhookSecret {...answer} />
  // Its field says it.
  if (answer.kind === 'invalid') return null
  return <Notice tone="bad" title={t(trouble[answer.kind])} isAnswer />
}
