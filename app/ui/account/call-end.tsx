import { useLingui } from '@lingui/react/macro'
import { Badge } from '../badge.tsx'
import { endLook, type CallEnd } from './outcome-words.ts'

type CallEndProps = CallEnd & {
  statusCode: number
  /** Where a tablet has room for one above the other. */
  isInTable?: boolean
}

/** What became of a call in words, and beside it the status that the client was answered with. */
export const CallEndBadge = ({ statusCode, isInTable, ...end }: CallEndProps) => {
  const { t } = useLingui()
  const { tone, word } = endLook(end)
  return (
    <span className="whitespace-nowrap">
      <Badge tone={tone}>{t(word)}</Badge>{' '}
      <span
        title={t`HTTP status`}
        className={`text-xs text-muted tabular-nums ${isInTable ? 'md:max-lg:block' : ''}`}
      >
        {statusCode}
      </span>
    </span>
  )
}
