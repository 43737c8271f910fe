import { Link } from '@remix-run/react'
import type { ReactNode } from 'react'

const shape =
  'inline-flex min-h-10 items-center justify-center rounded-md border px-4 py-1.5 text-sm ' +
  'font-semibold whitespace-nowrap transition-colors disabled:cursor-default disabled:opacity-60'

const looks = {
  primary:
    'border-accent bg-accent text-on-accent hover:border-accent-strong hover:bg-accent-strong',
  secondary: 'border-line-strong bg-surface text-ink hover:bg-sunken',
  danger: 'border-bad bg-bad text-on-bad hover:border-bad-strong hover:bg-bad-strong',
}
type Look = keyof typeof looks

/** Long words, as those with a provider's name, have no room on one line of a phone. */
const wrapping = 'max-sm:whitespace-normal'

type ButtonProps = {
  look?: Look
  children: ReactNode
  isPending?: boolean
  pendingText?: string
  /** Where its words may be wider than a phone. */
  isLong?: boolean
  /** What its form says when it is sent by this one of several. */
  name?: string
  value?: string
  /** Done on the page, in place of sending the form. */
  onPress?: () => void
}

/**
 * Sends its form. While the answer is awaited it says so and cannot be pressed again. Its words are
 * in one element: as items of a flex box words and sums would lose the blanks between them.
 */
export const Button = ({
  look = 'primary',
  children,
  isPending = false,
  pendingText,
  onPress,
  isLong = false,
  ...sent
}: ButtonProps) => (
  <button
    type={onPress ? 'button' : 'submit'}
    onClick={onPress}
    {...sent}
    disabled={isPending}
    className={`${shape} ${looks[look]} ${isLong ? wrapping : ''} cursor-pointer`}
  >
    <span>{isPending ? (pendingText ?? children) : children}</span>
  </button>
)

/**
 * What Enter in a field of the form presses: its first button. Where that would be one that only
 * looks something up, this one goes before it.
 */
export const DefaultButton = () => (
  <button type="submit" tabIndex={-1} aria-hidden="true" className="sr-only" />
)

/** Looks like a button and goes somewhere. */
export const ButtonLink = ({
  look = 'primary',
  to,
  isLong = false,
  children,
}: Pick<ButtonProps, 'look' | 'isLong' | 'children'> & { to: string }) => (
  <Link to={to} className={`${shape} ${looks[look]} ${isLong ? wrapping : ''}`}>
    <span>{children}</span>
  </Link>
)
