import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Badge } from '../../ui/badge.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Count } from '../../ui/format/numbers.tsx'

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

const aliasesShown = 2

const Aliases = ({ aliases }: { aliases: string[] }) => {
  const names = aliases.slice(0, aliasesShown).join(', ')
  const others = aliases.length - aliasesShown
  return (
    <span className="block text-xs wrap-anywhere text-muted">
      {others > 0 ? (
        <Trans>
          also {names} and {others} more
        </Trans>
      ) : (
        <Trans>also {names}</Trans>
      )}
    </span>
  )
}

const Usable = ({ row: { isForAccount, keys } }: { row: ModelRow }) => {
  if (!isForAccount)
    return (
      <Badge tone="warn">
        <Trans>Not for your account</Trans>
      </Badge>
    )
  if (!keys || keys.all === 0 || keys.able === keys.all) return null
  const { able, all } = keys
  return (
    <Badge tone="plain">
      {able === 0 ? (
        <Trans>None of your keys may</Trans>
      ) : (
        <Trans>
          {able} of your {all} keys may
        </Trans>
      )}
    </Badge>
  )
}

const Price = ({ usd }: { usd: string | null }) =>
  usd === null ? <span className="text-muted">–</span> : <>${usd}</>

type TableProps = { models: ModelRow[]; pathOf: (name: string) => string }

/** Models in lines, each with what a million of its tokens costs. */
export function ModelsTable({ models, pathOf }: TableProps) {
  const { t } = useLingui()
  const names = {
    context: t`Context`,
    largest: t`Largest output`,
    input: t`Input`,
    cached: t`Cached`,
    output: t`Output`,
  }
  const heads = [
    { text: t`Model` },
    ...Object.values(names).map((text) => ({ text, isNumber: true })),
  ]
  return (
    <Table label={t`Models and prices`} heads={heads}>
      {models.map((row) => (
        <Line key={row.name} row={row} path={pathOf(row.name)} names={names} />
      ))}
    </Table>
  )
}

type Names = Record<'context' | 'largest' | 'input' | 'cached' | 'output', string>

const Line = ({ row, path, names }: { row: ModelRow; path: string; names: Names }) => (
  <Row>
    <Cell narrow="max-md:col-span-full">
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="font-mono text-[0.8125rem] wrap-anywhere">
          <TextLink to={path}>{row.name}</TextLink>
        </span>
        <CopyButton text={row.name} what={row.name} />
        <Usable row={row} />
      </span>
      {row.aliases.length > 0 && <Aliases aliases={row.aliases} />}
    </Cell>
    <Cell label={names.context} isNumber>
      <Count of={row.contextTokens} />
    </Cell>
    <Cell label={names.largest} isNumber>
      {row.outputTokensMax > 0 ? <Count of={row.outputTokensMax} /> : '–'}
    </Cell>
    <Cell label={names.input} isNumber>
      <Price usd={row.input} />
    </Cell>
    <Cell label={names.cached} isNumber>
      <Price usd={row.cachedInput} />
    </Cell>
    <Cell label={names.output} isNumber>
      <Price usd={row.output} />
      {row.otherPrices > 0 && (
        <span className="block text-xs text-muted">
          <Plural value={row.otherPrices} one="and one more" other="and # more" />
        </span>
      )}
    </Cell>
  </Row>
)
