import { Terms } from './terms.ts'

export type Price = { id: number; effectiveFrom: Date; terms: Terms }

/**
 * A row that cannot be read. It has its place among the others: from its moment on nothing has a
 * price by it, and none by a row that it has followed, which would be another price by accident.
 */
type UnreadPrice = Omit<Price, 'terms'> & { terms: null }
export type PriceRow = Price | UnreadPrice

/**
 * Of rows, the newest first, the one in force at a moment; none where that one is an end. One that
 * cannot be read is in force as any other.
 */
export function inForce<R extends { effectiveFrom: Date; terms: Terms | null }>(
  rows: readonly R[],
  at: Date,
): R | undefined {
  const newest = rows.find(({ effectiveFrom }) => effectiveFrom <= at)
  return newest?.terms?.ended ? undefined : newest
}

type StoredRow = { id: number; effectiveFrom: Date; terms: string }
type Table = 'prices' | 'cost_prices'
/** Told of each row that cannot be read, once while it stays as it is. */
export type OnUnread = (row: { table: Table; id: number; model: string }, error: unknown) => void

/** Price rows as they were last read: they are thousands, and hardly ever another. */
export class PriceRows {
  private known = new Map<number, { text: string; price: PriceRow }>()
  private seen = new Map<number, { text: string; price: PriceRow }>()

  constructor(private readonly onUnread: OnUnread = () => undefined) {}

  read(table: Table, { model, ...stored }: StoredRow & { model: string }): PriceRow {
    const { id, effectiveFrom, terms: text } = stored
    const last = this.seen.get(id) ?? this.known.get(id)
    const isSame = last?.text === text && +last.price.effectiveFrom === +effectiveFrom
    const row = isSame ? last : { text, price: this.parse(table, model, stored) }
    this.seen.set(id, row)
    return row.price
  }

  private parse(table: Table, model: string, { id, effectiveFrom, terms }: StoredRow): PriceRow {
    try {
      return { id, effectiveFrom, terms: Terms.parse(JSON.parse(terms)) }
    } catch (error) {
      this.onUnread({ table, id, model }, error)
      return { id, effectiveFrom, terms: null }
    }
  }

  /** All rows have been read: what was not among them is gone. */
  end() {
    this.known = this.seen
    this.seen = new Map()
  }
}
