import fc from 'fast-check'

import type { ModelAsk } from './model.ts'

/** What a customer, the operator or the sweep may do next. `which` and `key` are taken modulo. */
export type Step =
  | {
      do: 'reserve'
      via: number
      key: number
      count: number
      ask: ModelAsk
      /** Ask first for more, as a caller does that counts exactly only when it must. */
      asksTwice: boolean
    }
  /** Equal calls through both ledgers at once. */
  | { do: 'race'; key: number; count: number; nanos: number }
  | { do: 'settle'; via: number; which: number; percent: number; twice: 'no' | 'same' | 'other' }
  | { do: 'settle again'; via: number; which: number; percent: number }
  | { do: 'lose'; via: number; which: number }
  | { do: 'credit'; plan: number; balance: number; isRepeated: boolean }
  | { do: 'take'; plan: number; balance: number }
  | { do: 'set plan'; monthly: number }
  | { do: 'renew' }
  | { do: 'revoke'; key: number }
  | { do: 'suspend'; isSuspended: boolean }
  | { do: 'set factor'; factor: number }

export type AccountHistory = {
  plan: number
  balance: number
  budgets: (number | null)[]
  before: Step[]
  after: Step[]
}
/** Many accounts side by side; between `before` and `after` one of the two relays falls silent. */
export type History = { accounts: AccountHistory[]; silent: number; seed: number }

const upTo = (max: number) => fc.integer({ min: 0, max })
const via = upTo(1)
const which = upTo(1_000)
const key = upTo(7)

const ask = fc.record<ModelAsk>({
  input: upTo(400_000_000),
  perToken: fc.oneof(fc.constant(0), upTo(2_000_000)),
  wanted: fc.option(upTo(500)),
  most: fc.integer({ min: 1, max: 400 }),
})
/** Nothing, a part of the hold, all of it, and more than the estimate allowed. */
const percent = fc.oneof(fc.constantFrom(0, 100), upTo(99), fc.integer({ min: 101, max: 150 }))

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('reserve' as const),
      via,
      key,
      count: fc.integer({ min: 1, max: 4 }),
      ask,
      asksTwice: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('race' as const),
      key,
      count: fc.integer({ min: 2, max: 8 }),
      nanos: fc.integer({ min: 1, max: 500 }),
    }),
  },
  {
    weight: 16,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      via,
      which,
      percent,
      twice: fc.constantFrom('no', 'no', 'same', 'other'),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('settle again' as const), via, which, percent }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('lose' as const), via, which }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('credit' as const),
      plan: upTo(300),
      balance: upTo(500),
      isRepeated: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('take' as const), plan: upTo(400), balance: upTo(600) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('set plan' as const),
      monthly: fc.constantFrom(0, 300, 900),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke' as const), key }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('suspend' as const), isSuspended: fc.boolean() }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('set factor' as const),
      factor: fc.oneof(fc.constantFrom(1, 9_000, 10_000), fc.integer({ min: 1, max: 30_000 })),
    }),
  },
)

const account = fc.record<AccountHistory>({
  plan: upTo(1_000),
  balance: upTo(4_000),
  budgets: fc.array(fc.option(upTo(3_000)), { minLength: 1, maxLength: 3 }),
  before: fc.array(step, { minLength: 4, maxLength: 14 }),
  after: fc.array(step, { minLength: 2, maxLength: 8 }),
})

export const histories: fc.Arbitrary<History> = fc.record({
  accounts: fc.array(account, { minLength: 2, maxLength: 5, size: 'max' }),
  silent: via,
  seed: fc.integer(),
})
