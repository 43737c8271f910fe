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

const heads = [
  { text: 'Status', isNumber: true },
  { text: 'code' },
  { text: 'type' },
  { text: 'What it says' },
  { text: 'SDKs try again' },
]

/** Every error of the API, from the list that it answers with. */
export const ErrorsTable = ({ errors }: { errors: ApiError[] }) => (
  <div className="rounded-lg border border-line bg-surface">
    <Table label="Errors" heads={heads}>
      {errors.map(({ name, status, type, code, message, isRetried }) => (
        <Row key={name}>
          <Cell isNumber>{status}</Cell>
          <Cell narrow="max-sm:col-span-1 sm:max-lg:col-span-3">
            <Code>{code ?? 'null'}</Code>
          </Cell>
          <Cell narrow="max-lg:col-span-full">
            <Code>{type}</Code>
          </Cell>
          <Cell narrow="max-lg:col-span-full">{message}</Cell>
          <Cell label="SDKs try again">{isRetried ? 'Yes' : 'No'}</Cell>
        </Row>
      ))}
    </Table>
  </div>
)
