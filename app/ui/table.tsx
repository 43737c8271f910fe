import { Children, type ReactNode } from 'react'

/** `isHidden` heads are heard, not seen. */
type Head = { text: string; isNumber?: boolean; isHidden?: boolean }

/**
 * A table whose rows become small cards where it is narrow. The roles are written out because a
 * browser forgets that rows are rows once they are no longer laid out as a table.
 */
export const Table = ({
  label,
  heads,
  children,
}: {
  label: string
  heads: Head[]
  children: ReactNode
}) => (
  <table role="table" aria-label={label} className="w-full text-sm max-lg:block">
    <thead role="rowgroup" className="max-lg:sr-only">
      <tr role="row" className="border-b border-line">
        {heads.map(({ text, isNumber, isHidden }) => (
          <th
            key={text}
            role="columnheader"
            scope="col"
            className={`px-3 py-2 font-medium text-muted first:pl-6 last:pr-6 ${isNumber ? 'text-right' : 'text-left'}`}
          >
            <span className={isHidden ? 'sr-only' : undefined}>{text}</span>
          </th>
        ))}
      </tr>
    </thead>
    <tbody role="rowgroup" className="max-lg:block">
      {Children.toArray(children)}
    </tbody>
  </table>
)

/** One row; `isFaded` for what is over and done with. */
export const Row = ({ children, isFaded }: { children: ReactNode; isFaded?: boolean }) => (
  <tr
    role="row"
    className={`border-line not-last:border-b hover:bg-sunken max-lg:grid max-lg:grid-cols-2 max-lg:gap-x-4 max-lg:gap-y-1 max-lg:px-4 max-lg:py-3 sm:max-lg:grid-cols-4 sm:max-lg:px-6 ${isFaded ? 'text-muted' : ''}`}
  >
    {children}
  </tr>
)

/** A cell with a whole line of a narrow card to itself: what it is at the left, how much at the right. */
export const wideLine = 'max-sm:col-span-full max-sm:flex max-sm:justify-between'

type CellProps = {
  children: ReactNode
  isNumber?: boolean
  /** Written before the value where the heads are not seen; without it the value says enough. */
  label?: string
  /** Its place in the card, as classes that begin with `max-lg:` or `max-sm:`. */
  narrow?: string
}

/** One cell of a row. */
export const Cell = ({ children, isNumber, label, narrow = '' }: CellProps) => (
  <td
    role="cell"
    className={`px-3 py-2.5 align-baseline max-lg:block max-lg:min-w-0 max-lg:p-0 lg:first:pl-6 lg:last:pr-6 ${isNumber ? 'whitespace-nowrap tabular-nums lg:text-right' : ''} ${narrow}`}
  >
    {label && (
      <span aria-hidden="true" className="mr-1.5 text-muted sm:block sm:text-xs lg:hidden">
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
    className="max-lg:wrap-anywhere lg:block lg:max-w-56 lg:overflow-hidden lg:text-ellipsis lg:whitespace-nowrap"
  >
    {text}
  </span>
)
