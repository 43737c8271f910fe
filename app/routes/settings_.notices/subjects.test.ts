import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupI18n, type MessageDescriptor } from '@lingui/core'
import { compileMessage } from '@lingui/message-utils/compileMessage'
import { wordsOf } from '../../notices/notices.server.ts'
import { subjectOf, type AccountsFact } from './subjects.ts'

/** As an English page says it. */
const said = (text: MessageDescriptor) =>
  setupI18n({
    locale: 'en',
    messages: { en: { [text.id]: compileMessage(text.message ?? '') } },
  })._(text)

test('what was sent is listed by the subject that its mail has', () => {
  const key = { kind: 'key.budget', keyId: 7, budgetNanos: 9_000, spentNanos: 9_000 } as const
  const payment = { order: 'ab12', creditNanos: 1, takenNanos: 1 }
  const facts: AccountsFact[] = [
    { kind: 'balance.low', creditNanos: 1, belowNanos: 5_500_000_000 },
    ...(['life', 'day 2026-11-27', 'week 2026-11-23', 'month 2026-11-01'] as const).flatMap(
      (period) => [
        { ...key, period, percent: 80 as const },
        { ...key, period, percent: 100 as const },
      ],
    ),
    { kind: 'plan.ends', plan: 'Pro', endsAt: '2026-11-27T00:00:00.000Z', why: 'over' },
    { kind: 'payment.received', amount: '20.00', currency: 'CNY', ...payment },
    { kind: 'payment.refunded', ...payment },
    { kind: 'payment.disputed', ...payment },
    { kind: 'notice.test' },
    { kind: 'address.confirm', userId: 1 },
  ]
  for (const fact of facts) assert.equal(said(subjectOf(fact)), wordsOf(fact, {}).subject)
})
