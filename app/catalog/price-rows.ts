import { Terms } from './terms.ts'

export type Price = { id: number; effectiveFrom: Date; terms: Terms }

type PriceRow = { id: number; effectiveFrom: Date; terms: string }

/** Price rows as they were last read: they are thousands, and hardly ever another. */
export class PriceRows {
  private known = new Map<number, { text: string; price: Price }>()
  private seen = new Map<number, { text: string; price: Price }>()

  read({ id, effectiveFrom, terms: text }: PriceRow): Price {
    const last = this.seen.get(id) ?? this.known.get(id)
    const isSame = last?.text === text && +last.price.effectiveFrom === +effectiveFrom
    const row = isSame
      ? last
      : { text, price: { id, effectiveFrom, terms: Terms.parse(JSON.parse(text)) } }
    this.seen.set(id, row)
    return row.price
  }

  /** All rows have been read: what was not among them is gone. */
  end() {
    this.known = this.seen
    this.seen = new Map()
  }
}
