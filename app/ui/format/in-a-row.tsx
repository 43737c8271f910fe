import { useLingui } from '@lingui/react/macro'
import { Fragment, type ReactNode } from 'react'

/** Facts that stand beside one another, each by itself; those that are not there are left out. */
export const InARow = ({ of }: { of: ReactNode[] }) => {
  const { t } = useLingui()
  const shown = of.filter((fact) => fact !== null && fact !== false)
  return shown.map((fact, at) => (
    <Fragment key={at}>
      {at > 0 && t({ message: ', ', context: 'between facts' })}
      {fact}
    </Fragment>
  ))
}
