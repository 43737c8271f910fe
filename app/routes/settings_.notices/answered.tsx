import { Notice } from '../../ui/notice.tsx'
import { Snippet } from '../../ui/snippet.tsx'
import type { NoticesAnswer } from './act.server.ts'

const done = {
  choices: 'Saved',
  threshold: 'The threshold is saved',
  webhook: 'The webhook is saved',
  remove: 'The webhook is removed',
  'time-zone': 'The time zone is saved',
  address: 'A link is on its way',
  'forget-address': 'Mails go to your provider’s address again',
  'test-mail': 'A test is on its way to you',
  'test-webhook': 'A test is on its way to the webhook',
} as const

const trouble = {
  'too-soon': 'A test was sent a moment ago. Wait a minute, and look below what became of it.',
  repeated: 'This form was sent before. What it did then stands; nothing more was changed.',
  unknown: 'This form has expired or came from another page. Nothing was changed.',
} as const

/** What came of the form that was sent. */
export function Answered({ answer }: { answer: NoticesAnswer }) {
  if (answer.kind === 'done') {
    const title = answer.what === 'rotate' ? 'Done' : done[answer.what]
    return <Notice tone="good" title={title} isAnswer />
  }
  if (answer.kind === 'secret')
    return (
      <Notice
        tone="good"
        title={answer.isNew ? 'The webhook is ready' : 'The webhook has a new secret'}
        isAnswer
      >
        <p>
          Copy the secret now: it is shown only this once. Your program checks by it that a call is
          ours{answer.isNew ? '.' : '; until you have changed it there, the old one signs as well.'}
        </p>
        <Snippet title="Webhook secret" text={answer.secret} isWrapped />
      </Notice>
    )
  // Its field says it.
  if (answer.kind === 'invalid') return null
  return <Notice tone="bad" title={trouble[answer.kind]} isAnswer />
}
