import type { AccountFact, OperatorFact } from '../ledger/ledger.server.ts'
import { billingPath, confirmAddressPath, keyPath, noticesPath, orderPath } from '../paths.ts'
import { formatUsd } from '../values/money.ts'
import type { UnclearWhy } from '../values/payments/order-states.ts'

/** What is sent, as it is read from a notice's row. */
export type Fact = AccountFact | OperatorFact | { kind: 'address.confirm'; userId: number }

/** What is known besides when it is sent. */
type Beside = {
  /** Of a key that the fact names; it may be gone by now. */
  keyName?: string | undefined
  /** What proves that a link was read at an address. */
  proof?: string | undefined
}

/** A notice in words: a line to find it by, what it says, and where to go on. */
export type Told = { subject: string; lines: string[]; path?: string }

/** Exact, and without zeros that say nothing: `$20.00`, `$0.0042`. */
const usd = (nanos: number) => `$${formatUsd(nanos)}`.replace(/(\.\d\d\d*?)0+$/, '$1')
/** After a refund, or a dispute, there may be less than nothing. */
const leftText = (nanos: number) =>
  nanos < 0 ? `The account is ${usd(-nanos)} below zero` : `${usd(nanos)} are left`
/** `2026-11-26T16:00:00.000Z` as people read it. */
const moment = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`

const periodWords: Record<string, string> = {
  life: 'budget',
  day: 'budget of the day',
  week: 'budget of the week',
  month: 'budget of the month',
}

function keyBudget(fact: Extract<Fact, { kind: 'key.budget' }>, { keyName }: Beside): Told {
  const { keyId, percent, budgetNanos, spentNanos, period } = fact
  const budget = periodWords[period.split(' ', 1)[0] ?? ''] ?? 'budget'
  const key = keyName === undefined ? `key ${keyId}` : `key “${keyName}”`
  const spent = `${usd(spentNanos)} of the ${budget} of ${usd(budgetNanos)} are spent.`
  const path = keyPath(keyId)
  return percent === 100
    ? {
        subject: `The ${budget} of ${key} is used up`,
        lines: [spent, 'Its calls are refused until the budget is raised or begins anew.'],
        path,
      }
    : {
        subject: `${percent} % of the ${budget} of ${key} are spent`,
        lines: [spent, 'When it is used up, calls of this key are refused.'],
        path,
      }
}

const planEnds = {
  canceled: 'It was canceled, and gives no credit after that.',
  unpaid: 'The balance did not cover its price. Credit that comes before then lets it go on.',
  over: 'It was given for so long, and gives no credit after that.',
  refunded: 'The payment that it began with went back, and its unused part is on the balance.',
}

const unclearWords: Record<UnclearWhy, string> = {
  mismatch: 'What came in is not what the order asked for',
  'over the limit': 'The account has no room for its credit',
  late: 'It was paid long after the order had ended',
}

function unclearPayment(fact: Extract<Fact, { kind: 'payment.unclear' }>): Told {
  const end =
    fact.why === 'late'
      ? `\`relay order check ${fact.order} --late\` books it, or give it back at its provider.`
      : `\`relay order settle ${fact.order}\` gives credit for it, \`relay order close\` none.`
  return {
    subject: `A payment of account ${fact.account} waits for you`,
    lines: [`${unclearWords[fact.why]}. See \`relay order show ${fact.order}\`.`, end],
  }
}

/** What each fact is called, and says. */
export function wordsOf(fact: Fact, beside: Beside): Told {
  switch (fact.kind) {
    case 'balance.low':
      return {
        subject: `Your credit is below ${usd(fact.belowNanos)}`,
        lines: [
          `${leftText(fact.creditNanos)}. Without credit, calls are refused with status 402.`,
        ],
        path: billingPath,
      }
    case 'key.budget':
      return keyBudget(fact, beside)
    case 'plan.ends':
      return {
        subject: `The plan ${fact.plan} ends`,
        lines: [`Its last moment is ${moment(fact.endsAt)}.`, planEnds[fact.why]],
        path: billingPath,
      }
    case 'payment.received':
      return {
        subject: `Your payment of ${fact.amount} ${fact.currency} has arrived`,
        lines: [`${usd(fact.creditNanos)} of credit were added.`],
        path: orderPath(fact.order),
      }
    case 'payment.refunded':
      return {
        subject: 'A payment was refunded',
        lines: [`${usd(fact.takenNanos)} of credit were taken back.`],
        path: orderPath(fact.order),
      }
    case 'payment.disputed':
      return {
        subject: 'A payment is disputed',
        lines: [`${usd(fact.takenNanos)} of credit were taken back until that is decided.`],
        path: orderPath(fact.order),
      }
    case 'notice.test':
      return {
        subject: 'This is a test',
        lines: ['Somebody asked for it at the settings, or at the command line. It has arrived.'],
        path: noticesPath,
      }
    case 'address.confirm':
      return {
        subject: 'Confirm this address',
        lines: [
          'Somebody who is signed in at this relay wants to be told of their account here. Follow ' +
            'the link and press the button if that is you; else do nothing, and no more is sent.',
        ],
        path: confirmAddressPath(beside.proof ?? ''),
      }
    case 'upstream.open':
    case 'model.open':
    case 'books.differ':
    case 'holds.old':
      return operatorWords(fact)
    case 'payment.unclear':
      return unclearPayment(fact)
  }
}

function operatorWords(
  fact: Extract<Fact, { kind: 'upstream.open' | 'model.open' | 'books.differ' | 'holds.old' }>,
): Told {
  switch (fact.kind) {
    case 'upstream.open':
      return {
        subject: `Upstream ${fact.upstream} fails`,
        lines: [
          `It has been left alone since ${moment(fact.since)}; calls go to others where there are any.`,
          `See \`relay upstream show ${fact.upstream}\`.`,
        ],
      }
    case 'model.open':
      return {
        subject: `No upstream serves ${fact.model}`,
        lines: [`All that have it have failed since ${moment(fact.since)}. Its calls are refused.`],
      }
    case 'books.differ':
      return {
        subject: 'The books differ',
        lines: [
          `\`relay verify\` has found ${fact.differences} differences. Run it again to see them.`,
        ],
      }
    case 'holds.old':
      return {
        subject: `${fact.holds} holds are old`,
        lines: [
          `The oldest is from ${moment(fact.oldest)}: longer than any call takes, and nobody has closed it.`,
          'See `relay verify`, and the log of the relay that was to close it.',
        ],
      }
  }
}

/** What a webhook is told beside the kind: money in dollars, exact, as texts. */
export function dataOf({ kind: _, ...fact }: Fact, accountId: number | null) {
  const told = Object.entries(fact).map(([name, value]) =>
    name.endsWith('Nanos')
      ? [`${name.slice(0, -'Nanos'.length)}Usd`, formatUsd(value as number)]
      : [name, value],
  )
  return {
    ...(accountId !== null && { account: accountId }),
    ...(Object.fromEntries(told) as Record<string, string | number>),
  }
}
