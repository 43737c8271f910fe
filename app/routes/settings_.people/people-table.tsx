import { roleWords } from '../../ui/account/role-words.ts'
import { Badge } from '../../ui/badge.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Money } from '../../ui/money.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import type { Role } from '../../values/teams/roles.ts'

type Person = {
  id: number
  name: string
  email: string | null
  role: Role
  capNanos: number | null
  /** Of this month's. */
  capUsedNanos: number | null
  joinedAt: Date
  usableKeys: number
  isSelf: boolean
}

const heads = [
  { text: 'Name' },
  { text: 'E-mail' },
  { text: 'Role' },
  { text: 'Since' },
  { text: 'Keys', isNumber: true },
  { text: 'Cap a month', isNumber: true },
  { text: 'Change', isHidden: true },
]

/** People of an account, one a row. */
export const PeopleTable = ({
  people,
  pathOf,
}: {
  people: Person[]
  pathOf: (id: number) => string
}) => (
  <Table label="People" heads={heads}>
    {people.map(
      ({ id, name, email, role, capNanos, capUsedNanos, joinedAt, usableKeys, isSelf }) => (
        <Row key={id}>
          <Cell narrow="max-md:col-span-full max-md:font-semibold">
            <span className="wrap-anywhere">{name}</span> {isSelf && <Badge tone="good">you</Badge>}
          </Cell>
          <Cell label="E-mail" narrow="max-sm:col-span-full">
            <span className="wrap-anywhere">{email ?? 'none'}</span>
          </Cell>
          <Cell label="Role">{roleWords[role].name}</Cell>
          <Cell label="Since">
            <Time at={joinedAt} to="day" />
          </Cell>
          <Cell label="Keys" isNumber>
            {usableKeys}
          </Cell>
          <Cell label="Cap a month" isNumber>
            {capNanos === null ? (
              'none'
            ) : (
              <>
                <Money nanos={capNanos} />
                <span className="block text-xs text-muted">
                  <Money nanos={capUsedNanos ?? 0} /> used
                </span>
              </>
            )}
          </Cell>
          <Cell>
            <TextLink to={pathOf(id)} label={isSelf ? 'Leave the account' : `Change ${name}`}>
              {isSelf ? 'Leave…' : 'Change…'}
            </TextLink>
          </Cell>
        </Row>
      ),
    )}
  </Table>
)
