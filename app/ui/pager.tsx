import { ButtonLink } from './button.tsx'

type PagerProps = Record<'newest' | 'newer' | 'older', string | null> & {
  /** What they are called, where a list is not by time. */
  words?: Record<'newest' | 'newer' | 'older', string>
}
const byTime = { newest: 'Newest', newer: '← Newer', older: 'Older →' }

/** To the pages beside this one, where there are any. */
export const Pager = ({ newest, newer, older, words = byTime }: PagerProps) =>
  newer || older ? (
    <nav aria-label="More pages" className="flex flex-wrap gap-3 px-4 py-4 sm:px-6 print:hidden">
      {newest && (
        <ButtonLink look="secondary" to={newest}>
          {words.newest}
        </ButtonLink>
      )}
      {newer && (
        <ButtonLink look="secondary" to={newer}>
          {words.newer}
        </ButtonLink>
      )}
      {older && (
        <ButtonLink look="secondary" to={older}>
          {words.older}
        </ButtonLink>
      )}
    </nav>
  ) : null
