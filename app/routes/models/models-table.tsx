import { CopyButton } from '../../ui/copy-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { formatCount } from '../../ui/format/numbers.tsx'

type ModelRow = {
  name: string
  ownedBy: string
  aliases: string[]
  contextTokens: number
  outputTokensMax: number
  input: string | null
  cachedInput: string | null
  output: string | null
  otherPrices: number
  isForAccount: boolean
  /** Null for who is not signed in. */
  keys: { able: number; all: number } | null
}

const heads = [
  { text: 'Model' },
  { text: 'Context', isNumber: true },
  { text: 'Largest output', isNumber: true },
  { text: 'Input', isNumber: true },
  { text: 'Cached', isNumber: true },
  { text: 'Output', isNumber: true },
]

const aliasesShown = 2

const Aliases = ({ aliases }: { aliases: string[] }) => (
  <span className="block text-xs wrap-anywhere text-muted">
    {`also ${aliases.slice(0, aliasesShown).join(', ')}`}
    {aliases.length > aliasesShown && ` and ${aliases.length - aliasesShown} more`}
  </span>
)

const Usable = ({ row: { isForAccount, keys } }: { row: ModelRow }) => {
  if (!isForAccount) return <Badge tone="warn">Not for your account</Badge>
  if (!keys || keys.all === 0 || keys.able === keys.all) return null
  return (
    <Badge tone="plain">
      {keys.able === 0 ? 'None of your keys may' : `${keys.able} of your ${keys.all} keys may`}
    </Badge>
  )
}

const Price = ({ usd }: { usd: string | null }) =>
  usd === null ? <span className="text-muted">–</span> : <>${usd}</>

/** Models in lines, each with what a million of its tokens costs. */
export const ModelsTable = ({
  models,
  pathOf,
}: {
  models: ModelRow[]
  pathOf: (name: string) => string
}) => (
  <Table label="Models and prices" heads={heads}>
    {models.map((row) => (
      <Row key={row.name}>
        <Cell narrow="max-md:col-span-full">
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-mono text-[0.8125rem] wrap-anywhere">
              <TextLink to={pathOf(row.name)}>{row.name}</TextLink>
            </span>
            <CopyButton text={row.name} what={row.name} />
            <Usable row={row} />
          </span>
          {row.aliases.length > 0 && <Aliases aliases={row.aliases} />}
        </Cell>
        <Cell label="Context" isNumber>
          {formatCount(row.contextTokens)}
        </Cell>
        <Cell label="Largest output" isNumber>
          {row.outputTokensMax > 0 ? formatCount(row.outputTokensMax) : '–'}
        </Cell>
        <Cell label="Input" isNumber>
          <Price usd={row.input} />
        </Cell>
        <Cell label="Cached" isNumber>
          <Price usd={row.cachedInput} />
        </Cell>
        <Cell label="Output" isNumber>
          <Price usd={row.output} />
          {row.otherPrices > 0 && (
            <span className="block text-xs text-muted">
              {row.otherPrices === 1 ? 'and one more' : `and ${row.otherPrices} more`}
            </span>
          )}
        </Cell>
      </Row>
    ))}
  </Table>
)
