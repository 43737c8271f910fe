import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { Notice } from '../../ui/notice.tsx'
import { msg } from '../../values/language/msg.ts'
import type { PlanAnswer } from './act.server.ts'
import { Short } from './balance-left.tsx'

type Words = { tone: 'good' | 'warn' | 'bad'; title: MessageDescriptor; text: MessageDescriptor }

const words: Record<Exclude<PlanAnswer['kind'], 'short'>, Words> = {
  subscribed: {
    tone: 'good',
    title: msg`You are subscribed`,
    text: msg`The price was taken from the balance, and the credit is there. Both are on the ledger.`,
  },
  changed: {
    tone: 'good',
    title: msg`Noted`,
    text: msg`Nothing was charged, and the credit that you have stays.`,
  },
  ended: {
    tone: 'good',
    title: msg`The plan has ended`,
    text: msg`Nothing more is charged for it.`,
  },
  gone: {
    tone: 'warn',
    title: msg`This plan is not sold on these terms any more`,
    text: msg`Nothing was changed. Below are the plans as they are now.`,
  },
  'has a plan': {
    tone: 'warn',
    title: msg`You have a plan already`,
    text: msg`Nothing was charged. Another one can take its place when its month is over.`,
  },
  'no plan': {
    tone: 'warn',
    title: msg`There is no plan to change`,
    text: msg`It has ended, or waits for its price. Below is how it stands.`,
  },
  unchanged: {
    tone: 'warn',
    title: msg`It is so already`,
    text: msg`Nothing was changed. Below is how the plan stands.`,
  },
  repeated: {
    tone: 'warn',
    title: msg`This form was sent before`,
    text: msg`It did its work then, and nothing was charged again. Below is how the plan stands.`,
  },
  unknown: {
    tone: 'bad',
    title: msg`This form has expired or came from another page`,
    text: msg`Nothing was changed. Choose once more below.`,
  },
  'no order': {
    tone: 'warn',
    title: msg`This relay does not take payments that way`,
    text: msg`Nothing was charged. Choose another way below.`,
  },
  'many orders': {
    tone: 'warn',
    title: msg`Too many orders of this account wait for payment`,
    text: msg`Pay one of them, or come back later.`,
  },
  suspended: {
    tone: 'bad',
    title: msg`This account is suspended`,
    text: msg`Nothing was charged. Ask whoever runs this relay.`,
  },
  'too much': {
    tone: 'warn',
    title: msg`The account cannot hold so much`,
    text: msg`Nothing was charged. Spend some of the balance first.`,
  },
}

/** What came of the form that was just sent. */
export const Answered = ({ answer }: { answer: PlanAnswer }) => {
  const { t } = useLingui()
  if (answer.kind === 'short')
    return (
      <Notice tone="bad" title={t`The balance is short of the price`} isAnswer>
        <p>
          <Short {...answer} />
        </p>
      </Notice>
    )
  const { tone, title, text } = words[answer.kind]
  return (
    <Notice tone={tone} title={t(title)} isAnswer>
      <p>{t(text)}</p>
    </Notice>
  )
}
