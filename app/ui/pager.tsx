import type { MessageDescriptor } from '@lingui/core'
import { useLingui } from '@lingui/react/macro'
import { msg } from '../values/language/msg.ts'
import { ButtonLink } from './button.tsx'

type PagerProps = Record<'newest' | 'newer' | 'older', string | null> & {
  /** What they are called, where a list is not by time. */
  words?: Record<'newest' | 'newer' | 'older', MessageDescriptor>
}
const byTime = { newest: msg`Newest`, newer: msg`← Newer`, older: msg`Older →` }

/** To the pages beside this one, where there are any. */
export const Pager = ({ newest, newer, older, words = byTime }: PagerProps) => {
  const { t } = useLingui()
  return newer || older ? (
    <nav aria-label={t`More pages`} className="flex flex-wrap gap-3 px-4 py-4 sm:px-6 print:hidden">
      {newest && (
        <ButtonLink look="secondary" to={newest}>
          {t(words.newest)}
        </ButtonLink>
      )}
      {newer && (
        <ButtonLink look="secondary" to={newer}>
          {t(words.newer)}
        </ButtonLink>
      )}
      {older && (
        <ButtonLink look="secondary" to={older}>
          {t(words.older)}
        </ButtonLink>
      )}
    </nav>
  ) : null
}
