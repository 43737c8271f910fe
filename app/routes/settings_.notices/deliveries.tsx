import type { MessageDescriptor } from '@lingui/core'
import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Said } from '../../ui/language/said.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'

type Delivery = {
  id: string
  what: MessageDescriptor
  at: Date
  channel: 'mail' | 'webhook'
  state: 'waiting' | 'sent' | 'given up'
  tries: number
  code: string | null
}

const states = {
  waiting: { tone: 'warn', word: msg`waiting` },
  sent: { tone: 'good', word: msg`sent` },
  'given up': { tone: 'bad', word: msg`given up` },
} as const

const Nothing = () => {
  const { t } = useLingui()
  return (
    <Empty title={t`Nothing was sent yet`}>
      <p>
        <Trans>What is sent to you, or to the webhook, is listed here.</Trans>
      </p>
    </Empty>
  )
}

const DeliveryState = ({ state, code, tries }: Delivery) => (
  <>
    <Badge tone={states[state].tone}>
      <Said text={states[state].word} />
    </Badge>
    {code !== null && (
      <span className="ml-2 text-muted">
        {tries > 1 ? (
          <Trans>
            {code}, <Plural value={tries} one="# try" other="# tries" />
          </Trans>
        ) : (
          code
        )}
      </span>
    )}
  </>
)

/** What was sent of late, and what became of it. */
export function Deliveries({ rows }: { rows: Delivery[] }) {
  const { t } = useLingui()
  if (rows.length === 0) return <Nothing />
  const heads = [{ text: t`When` }, { text: t`What` }, { text: t`How` }, { text: t`State` }]
  return (
    <Table label={t`Last notices`} heads={heads}>
      {rows.map((row) => (
        <Row key={row.id}>
          <Cell>
            <Time at={row.at} />
          </Cell>
          <Cell narrow="max-md:col-span-full">
            <span className="wrap-anywhere">{t(row.what)}</span>
          </Cell>
          <Cell label={t`How`}>{row.channel === 'mail' ? t`Mail` : t`Webhook`}</Cell>
          <Cell label={t`State`}>
            <DeliveryState {...row} />
          </Cell>
        </Row>
      ))}
    </Table>
  )
}
