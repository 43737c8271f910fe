import { Trans, useLingui } from '@lingui/react/macro'
import type { ComponentProps } from 'react'
import { CallsTable } from '../../ui/account/calls-table.tsx'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Pager } from '../../ui/pager.tsx'
import { SwitchLinks } from '../../ui/switch-links.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'
import { callPath, keysPath, usagePath } from '../../paths.ts'
import { JumpForm } from './jump-form.tsx'

type CallsCardProps = {
  page: {
    calls: ComponentProps<typeof CallsTable>['calls']
    pages: ComponentProps<typeof Pager>
    sizes: ComponentProps<typeof SwitchLinks>['links']
  }
  typed: Record<string, string>
  hidden: Record<string, string>
  today: string
  chips: unknown[]
  presets: { name: string; isCurrent: boolean }[]
  clear: string
  /** The same filter over all days. */
  all: string
}

const NoCalls = ({ page, chips, presets, clear, all }: CallsCardProps) => {
  const { t } = useLingui()
  const { newest } = page.pages
  if (newest)
    return (
      <Empty title={t`There is nothing on this page`}>
        <TextLink to={newest}>
          <Trans>Show the newest calls</Trans>
        </TextLink>
      </Empty>
    )
  const current = presets.find(({ isCurrent }) => isCurrent)?.name
  if (current === '30' && chips.length === 0)
    return (
      <Empty title={t`No calls in the last 30 days`}>
        <Trans>
          Look at <TextLink to={all}>all days</TextLink>, or make one with{' '}
          <TextLink to={keysPath}>one of your keys</TextLink>; it is listed here as soon as it has
          ended.
        </Trans>
      </Empty>
    )
  return (
    <Empty title={t`No call matches this filter`}>
      <ul className="flex flex-wrap justify-center gap-x-4">
        {current !== 'all' && (
          <li>
            <TextLink to={all}>
              <Trans>Look at all days</Trans>
            </TextLink>
          </li>
        )}
        <li>
          <TextLink to={clear}>
            <Trans>Clear the filter</Trans>
          </TextLink>
        </li>
      </ul>
    </Empty>
  )
}

const narrowing = ['model', 'key', 'from', 'to', 'status', 'outcome']

/** The calls themselves, and ways to the others of the same filter. */
export const CallsCard = (props: CallsCardProps) => {
  const { t } = useLingui()
  const { typed, hidden, today, page } = props
  const { newer, older } = page.pages
  const kept = Object.entries(typed).filter(([name]) => narrowing.includes(name))
  return (
    <Card
      title={t`Calls`}
      aside={
        <Trans>
          Newest first. <TimesIn />
        </Trans>
      }
      isFlush
    >
      {page.calls.length > 0 && (
        <JumpForm
          action={usagePath}
          hidden={{ ...Object.fromEntries(kept), ...hidden }}
          max={today}
        />
      )}
      {page.calls.length > 0 ? (
        <CallsTable label={t`Calls`} calls={page.calls} pathOf={callPath} />
      ) : (
        <NoCalls {...props} />
      )}
      {(newer ?? older) && (
        <div className="flex flex-wrap items-center justify-between">
          <Pager {...page.pages} />
          <div className="flex items-center gap-2 px-4 pb-4 text-sm text-muted sm:px-6 sm:py-4 print:hidden">
            <span>
              <Trans>Calls on a page</Trans>
            </span>
            <SwitchLinks label={t`Calls on a page`} links={page.sizes} />
          </div>
        </div>
      )}
    </Card>
  )
}
