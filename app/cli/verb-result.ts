import { formatUsd } from '../values/money.ts'
import { printable } from './printable.ts'

/** What a verb has to say, for programs and for people. */
export type VerbResult = {
  /**
   * 1: the books differ, or what was asked for was refused. Of a plan, 4: there is something to
   * apply; 5: there is nothing else, and something is held back.
   */
  exitCode: 0 | 1 | 4 | 5
  document: Record<string, unknown>
  text: string
}

/** It was done, or had been done before. */
export const done = (document: Record<string, unknown>, text: string): VerbResult => ({
  exitCode: 0,
  document,
  text,
})

type RefusalCode =
  | 'no_such_account'
  | 'no_such_key'
  | 'key_changed'
  | 'no_secret'
  | 'no_such_call'
  | 'no_such_codes'
  | 'no_such_model'
  | 'no_such_group'
  | 'no_such_plan'
  | 'plan_exists'
  | 'no_such_limit'
  | 'no_such_user'
  | 'no_such_member'
  | 'already_member'
  | 'last_owner'
  | 'too_many_people'
  | 'too_many_accounts'
  | 'too_many_homes'
  | 'no_room'
  | 'no_such_order'
  | 'not_refundable'
  | 'paid_late'
  | 'not_unclear'
  | 'no_amount'
  | 'went_back'
  | 'refund_failed'
  | 'refund_made'
  | 'refund_under_way'
  | 'refund_unsure'
  | 'provider_away'
  | 'group_has_members'
  | 'several_accounts'
  | 'model_exists'
  | 'alias_exists'
  | 'no_such_alias'
  | 'no_price'
  | 'price_exists'
  | 'no_price_list'
  | 'prices_moved'
  | 'no_model_list'
  | 'upstream_moved'
  | 'too_many_keys'
  | 'over_the_limit'
  | 'not_enough_available'
  | 'not_droppable'
  | 'not_bookable'
  | 'no_local_sign_in'
  | 'no_such_upstream'
  | 'upstream_exists'
  | 'upstream_changed'
  | 'upstream_key_exists'
  | 'bad_definition'
  | 'takes_no_key'
  | 'no_secret'
  | 'not_served'
  | 'key_unreadable'
  | 'no_redis'

/** What was asked for cannot be; nothing was changed. */
export const refused = (code: RefusalCode, message: string): VerbResult => ({
  exitCode: 1,
  document: { error: { code, message } },
  text: printable(message),
})

/** The refusal that most verbs share. */
export const noSuchAccount = (id: number) =>
  refused('no_such_account', `There is no account ${id}.`)

/** An amount as programs read it: exact dollars as text, and whole nano-dollars. */
export function money<N extends string>(name: N, nanos: number | null) {
  const usd = nanos === null ? null : formatUsd(nanos)
  return { [`${name}_usd`]: usd, [`${name}_nanos`]: nanos } as Record<
    `${N}_usd` | `${N}_nanos`,
    string | number | null
  >
}

/** A time in UTC as programs and people read it. */
export const timeText = (time: Date | null) => time?.toISOString() ?? null

const isFigure = (cell: string) => /^-?[\d.]*$/.test(cell)
const widthOf = (cell: string) => [...cell].length

/** Aligned columns under their heads; columns of figures stand to the right. */
export function table(heads: string[], rows: (string | number | null)[][]): string {
  if (rows.length === 0) return 'none'
  const cells = rows.map((row) => row.map((cell) => printable(String(cell ?? ''))))
  const columns = heads.map((head, at) => {
    const width = Math.max(widthOf(head), ...cells.map((row) => widthOf(row[at] ?? '')))
    return { width, right: cells.every((row) => isFigure(row[at] ?? '')) }
  })
  const line = (row: string[]) =>
    columns
      .map(({ width, right }, at) => {
        const cell = row[at] ?? ''
        const space = ' '.repeat(width - widthOf(cell))
        return right ? space + cell : cell + space
      })
      .join('  ')
      .trimEnd()
  return [heads, ...cells].map(line).join('\n')
}

/** One thing's facts, a line each. Facts that are null are left out. */
export function facts(pairs: Record<string, string | number | null>): string {
  const known = Object.entries(pairs).filter(([, value]) => value !== null)
  const width = Math.max(...known.map(([name]) => name.length))
  return known
    .map(([name, value]) => `${name.padEnd(width)}  ${printable(String(value))}`)
    .join('\n')
}
