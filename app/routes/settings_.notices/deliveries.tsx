import { Badge } from '../../ui/badge.tsx'
import { Empty } from '../../ui/empty.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'

type Delivery = {
  id: string
  what: string
  at: Date
  channel: 'mail' | 'webhook'
  state: 'waiting' | 'sent' | 'given up'
  tries: number
  code: string | null
}

const tones = { waiting: 'warn', sent: 'good', 'given up': 'bad' } as const

/** What was sent of late, and what became of it. */
export const Deliveries = ({ rows }: { rows: Delivery[] }) =>
  rows.length === 0 ? (
    <Empty title="Nothing was sent yet">
      <p>What is sent to you, or to the webhook, is listed here.</p>
    </Empty>
  ) : (
    <Table
      label="Last notices"
      heads={[{ text: 'When' }, { text: 'What' }, { text: 'How' }, { text: 'State' }]}
    >
      {rows.map(({ id, what, at, channel, state, tries, code }) => (
        <Row key={id}>
          <Cell>
            <Time at={at} />
          </Cell>
          <Cell narrow="max-md:col-span-full">
            <span className="wrap-anywhere">{what}</span>
          </Cell>
          <Cell label="How">{channel === 'mail' ? 'Mail' : 'Webhook'}</Cell>
          <Cell label="State">
            <Badge tone={tones[state]}>{state}</Badge>
            {code !== null && (
              <span className="ml-2 text-muted">
                {code}
                {tries > 1 && `, ${tries} tries`}
              </span>
            )}
          </Cell>
        </Row>
      ))}
    </Table>
  )
