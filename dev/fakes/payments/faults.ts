/**
 * What the fake providers of payment do wrong, by the cents of the credit that is paid for: 5.41
 * USD is paid and told twice, 5.00 is in good order.
 */
const faults = {
  '41': 'double',
  '42': 'forged',
  '43': 'truncated',
  '44': 'less',
  '45': 'other-currency',
  '46': 'silent',
  '47': 'hang',
  '48': 'clock-off',
  '49': 'not-paid',
  '50': 'more',
  '51': 'transfer',
} as const

/**
 * `double`: each event comes twice at once. `forged`: it is signed with another secret.
 * `truncated`: its end is missing. `less`: a hundredth was paid, and the provider says so.
 * `other-currency`: so many of another one. `silent`: no event comes. `hang`: nor are the first two
 * questions answered. `clock-off`: it was signed an hour ago. `not-paid`: it comes although nothing
 * was paid. `more`: one of the currency more was paid than is asked for. `transfer`: the payer's bank has
 * yet to send it; a gateway knows no such thing.
 */
export type Fault = (typeof faults)[keyof typeof faults]

/** The fault that the name of what is bought asks for, if any. */
export function faultOf(name: string): Fault | undefined {
  const cents = /\d+\.(\d\d) USD/.exec(name)?.[1]
  return cents !== undefined && Object.hasOwn(faults, cents)
    ? faults[cents as keyof typeof faults]
    : undefined
}
/** How many questions of a `hang` are left without an answer. */
export const questionsHung = 2
