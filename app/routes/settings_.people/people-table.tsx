import { Trans, useLingui } from '@lingui/react/macro'
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

const Cap = ({ capNanos, capUsedNanos }: Pick<Person, 'capNanos' | 'capUsedNanos'>) =>
  capNanos === null ? (
    <Trans>none</Trans>
  ) : (
    <>
      <Money nanos={capNanos} />
      <span className="block text-xs text-muted">
        <Trans>
          <Money nanos={capUsedNanos ?? 0} /> used
        </Trans>
      </span>
    </>
  )

type PeopleTableProps = { people: Person[]; pathOf: (id: number) => string }

/** People of an account, one a row. */
export function PeopleTable({ people, pathOf }: PeopleTableProps) {
  const { t } = useLingui()
  const [mail, role, since] = [t`E-mail`, t`Role`, t`Since`]
  const [keys, cap] = [t`Keys`, t`Cap a month`]
  const heads = [
    { text: t`Name` },
    { text: mail },
    { text: role },
    { text: since },
    { text: keys, isNumber: true },
    { text: cap, isNumber: true },
    { text: t`Change`, isHidden: true },
  ]
  return (
    <Table label={t`People`} heads={heads}>
      {people.map((person) => {
        const { id, name, isSelf } = person
        return (
          <Row key={id}>
            <Cell narrow="max-md:col-span-full max-md:font-semibold">
              <span className="wrap-anywhere">{name}</span>{' '}
              {isSelf && (
                <Badge tone="good">
                  <Trans>you</Trans>
                </Badge>
              )}
            </Cell>
            <Cell label={mail} narrow="max-sm:col-span-full">
              <span className="wrap-anywhere">{person.email ?? t`none`}</span>
            </Cell>
            <Cell label={role}>{t(roleWords[person.role].name)}</Cell>
            <Cell label={since}>
              <Time at={person.joinedAt} to="day" />
            </Cell>
            <Cell label={keys} isNumber>
              {person.usableKeys}
            </Cell>
            <Cell label={cap} isNumber>
              <Cap {...person} />
            </Cell>
            <Cell>
              <TextLink to={pathOf(id)} label={isSelf ? t`Leave the account` : t`Change ${name}`}>
                {isSelf ? t`Leave…` : t`Change…`}
              </TextLink>
            </Cell>
          </Row>
        )
      })}
    </Table>
  )
}
