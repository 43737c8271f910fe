import { billingPath } from '../../paths.ts'
import { TextLink } from '../../ui/link.tsx'
import { BalanceLeft, Money } from '../../ui/money.tsx'
import { Notice } from '../../ui/notice.tsx'
import type { PlanAnswer } from './act.server.ts'

type Words = { tone: 'good' | 'warn' | 'bad'; title: string; text: string }

const words: Record<Exclude<PlanAnswer['kind'], 'short'>, Words> = {
  subscribed: {
    tone: 'good',
    title: 'You are subscribed',
    text: 'The price was taken from the balance, and the credit is there. Both are on the ledger.',
  },
  changed: {
    tone: 'good',
    title: 'Noted',
    text: 'Nothing was charged, and the credit that you have stays.',
  },
  ended: { tone: 'good', title: 'The plan has ended', text: 'Nothing more is charged for it.' },
  gone: {
    tone: 'warn',
    title: 'This plan is not sold on these terms any more',
    text: 'Nothing was changed. Below are the plans as they are now.',
  },
  'has a plan': {
    tone: 'warn',
    title: 'You have a plan already',
    text: 'Nothing was charged. Another one can take its place when its month is over.',
  },
  'no plan': {
    tone: 'warn',
    title: 'There is no plan to change',
    text: 'It has ended, or waits for its price. Below is how it stands.',
  },
  unchanged: {
    tone: 'warn',
    title: 'It is so already',
    text: 'Nothing was changed. Below is how the plan stands.',
  },
  repeated: {
    tone: 'warn',
    title: 'This form was sent before',
    text: 'It did its work then, and nothing was charged again. Below is how the plan stands.',
  },
  unknown: {
    tone: 'bad',
    title: 'This form has expired or came from another page',
    text: 'Nothing was changed. Choose once more below.',
  },
  'no order': {
    tone: 'warn',
    title: 'This relay does not take payments that way',
    text: 'Nothing was charged. Choose another way below.',
  },
  'many orders': {
    tone: 'warn',
    title: 'Too many orders of this account wait for payment',
    text: 'Pay one of them, or come back later.',
  },
  suspended: {
    tone: 'bad',
    title: 'This account is suspended',
    text: 'Nothing was charged. Ask whoever runs this relay.',
  },
  'too much': {
    tone: 'warn',
    title: 'The account cannot hold so much',
    text: 'Nothing was charged. Spend some of the balance first.',
  },
}

/** What came of the form that was just sent. */
export const Answered = ({ answer }: { answer: PlanAnswer }) => {
  if (answer.kind === 'short')
    return (
      <Notice tone="bad" title="The balance is short of the price" isAnswer>
        <p>
          The plan costs <Money nanos={answer.neededNanos} />, and{' '}
          <BalanceLeft nanos={answer.availableNanos} />. Nothing was charged.{' '}
          <TextLink to={billingPath}>Add credit</TextLink>, then subscribe.
        </p>
      </Notice>
    )
  const { tone, title, text } = words[answer.kind]
  return (
    <Notice tone={tone} title={title} isAnswer>
      <p>{text}</p>
    </Notice>
  )
}
