import { Children, type ReactNode } from 'react'

/**
 * `isHidden` heads are heard, not seen; those that are `offTablet` are not there between 768 and
 * 1024 px, as the cells beneath them.
 */
type Head = { text: string; isNumber?: boolean; isHidden?: boolean; offTablet?: boolean }

type TableProps = {
  label: string
  heads: Head[]
  children: ReactNode
  /** Its children are `RowGroup`s, each with a heading of its own. */
  isGrouped?: boolean
}

/**
 * A table whose rows become small cards, or two lines, where it is narrow. The roles are written
 * out because a browser forgets that rows are rows once they are no longer laid out as a table.
 * Where a reader's face is too wide for it, it is pushed sideways by itself, and not the page.
 */
export const Table = ({ label, heads, children, isGrouped = false }: TableProps) => (
  <div className="md:relative md:overflow-x-auto print:overflow-visible">
    <table role="table" aria-label={label} className="w-full text-sm max-md:block">
      <thead role="rowgroup" className="max-md:sr-only">
        <tr role="row" className="border-b border-line">
          {heads.map(({ text, isNumber, isHidden, offTablet }) => (
            <th
              key={text}
              role="columnheader"
              scope="col"
              className={`px-2 py-2 font-medium text-muted first:pl-6 last:pr-6 lg:px-3 ${isNumber ? 'text-right' : 'text-left'} ${offTablet ? notOnTablet : ''}`}
            >
              <span className={isHidden ? 'sr-only' : undefined}>{text}</span>
            </th>
          ))}
        </tr>
      </thead>
      {isGrouped ? (
        children
      ) : (
        <tbody role="rowgroup" className="max-md:block">
          {Children.toArray(children)}
        </tbody>
      )}
    </table>
  </div>
)

const notOnTablet = 'md:max-lg:hidden'

type RowGroupProps = { heading: ReactNode; columns: number; children: ReactNode }

/** Rows that have something in common, such as their day, under what that is. */
export const RowGroup = ({ heading, columns, children }: RowGroupProps) => (
  <tbody role="rowgroup" className="max-md:block">
    <tr role="row" className="border-y border-line bg-sunken max-md:block">
      <th
        role="rowheader"
        scope="rowgroup"
        colSpan={columns}
        className="px-6 py-1.5 text-left text-xs font-medium text-muted max-md:block max-md:px-4 sm:max-md:px-6"
      >
        {heading}
      </th>
    </tr>
    {children}
  </tbody>
)

const narrowRows = {
  /** So many cells a line as there is room for. */
  card: 'max-md:grid-cols-2 max-md:gap-x-4 max-md:gap-y-1 max-md:py-3 sm:max-md:grid-cols-4',
  /** Two lines of three cells, the middle one of which has the room that is left. */
  lines: 'max-md:grid-cols-[auto_1fr_auto] max-md:gap-x-3 max-md:gap-y-0.5 max-md:py-2.5',
}

type RowProps = { children: ReactNode; isFaded?: boolean; narrow?: keyof typeof narrowRows }

/**
 * One row; `isFaded` for what is over and done with. A `RowLink` in it covers all of it where it is
 * narrow.
 */
export const Row = ({ children, isFaded, narrow = 'card' }: RowProps) => (
  <tr
    role="row"
    className={`border-line not-last:border-b hover:bg-sunken max-md:relative max-md:grid max-md:items-baseline max-md:px-4 sm:max-md:px-6 ${narrowRows[narrow]} ${isFaded ? 'text-muted' : ''}`}
  >
    {children}
  </tr>
)

/** A cell with a whole line of a narrow card to itself: what it is at the left, how much at the right. */
export const wideLine = 'max-sm:col-span-full max-sm:flex max-sm:justify-between'

/** Places of cells in a row of two lines. */
export const inLines = {
  name: 'max-md:order-1 max-md:col-span-2 max-md:font-semibold',
  figure: 'max-md:order-2 max-md:text-right max-md:font-semibold',
  left: 'max-md:order-3',
  middle: 'max-md:order-4',
  right: 'max-md:order-5 max-md:text-right',
  nowhere: 'max-md:hidden',
}

type CellProps = {
  children: ReactNode
  isNumber?: boolean
  /** Written before the value where the heads are not seen; without it the value says enough. */
  label?: string
  /** Its place in the card, as classes that begin with `max-md:` or `max-sm:`. */
  narrow?: string
  /** As the head's: not there between 768 and 1024 px. */
  offTablet?: boolean
}

/** One cell of a row. */
export const Cell = ({ children, isNumber, label, narrow = '', offTablet }: CellProps) => (
  <td
    role="cell"
    className={`px-2 py-2.5 align-baseline max-md:block max-md:min-w-0 max-md:p-0 md:first:pl-6 md:last:pr-6 lg:px-3 ${isNumber ? 'whitespace-nowrap tabular-nums md:text-right' : ''} ${offTablet ? notOnTablet : ''} ${narrow}`}
  >
    {label && (
      <span aria-hidden="true" className="mr-1.5 text-muted md:hidden">
        {label}
      </span>
    )}
    {children}
  </td>
)

/** A name on one line beside other columns, cut where it is too long for one; whole in a card. */
export const LongName = ({ text }: { text: string }) => (
  <span
    title={text}
    className="max-md:wrap-anywhere md:block md:max-w-28 md:overflow-hidden md:text-ellipsis md:whitespace-nowrap lg:max-w-56"
  >
    {text}
  </span>
)
