import { useLingui } from '@lingui/react/macro'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Code } from './parts.tsx'

type ApiError = {
  name: string
  status: number
  type: string
  code: string | null
  message: string
  isRetried: boolean
}

/** Every error of the API, from the list that it answers with. */
export function ErrorsTable({ errors }: { errors: ApiError[] }) {
  const { t } = useLingui()
  const again = t`SDKs try again`
  const heads = [
    { text: t`Status`, isNumber: true },
    { text: 'code' },
    { text: 'type' },
    { text: t`What it says` },
    { text: again },
  ]
  return (
    <div className="rounded-lg border border-line bg-surface">
      <Table label={t`Errors`} heads={heads}>
        {errors.map(({ name, status, type, code, message, isRetried }) => (
          <Row key={name}>
            <Cell isNumber>{status}</Cell>
            <Cell narrow="max-sm:col-span-1 sm:max-lg:col-span-3">
              <Code>{String(code)}</Code>
            </Cell>
            <Cell narrow="max-lg:col-span-full">
              <Code>{type}</Code>
            </Cell>
            <Cell narrow="max-lg:col-span-full">{message}</Cell>
            <Cell label={again}>{isRetried ? t`Yes` : t`No`}</Cell>
          </Row>
        ))}
      </Table>
    </div>
  )
}
