import { Trans, useLingui } from '@lingui/react/macro'
import { perWords, unitNames } from '../../ui/account/receipt-words.ts'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { saidForWords, type Unit } from '../../values/units.ts'
import { Count } from '../../ui/format/numbers.tsx'

type ListedPrice = {
  since: Date | null
  times: {
    hours: string | null
    tiers: {
      upToInputTokens: number | null
      units: { unit: Unit; usd: string; per: keyof typeof saidForWords }[]
    }[]
  }[]
  serviceTiers: { name: string; times: number }[]
}

/** At which hours a table of prices holds; nothing where they are all. */
const Hours = ({ hours, isOnly }: { hours: string | null; isOnly: boolean }) => {
  if (hours !== null)
    return (
      <span>
        <Trans>At {hours} UTC</Trans>
      </span>
    )
  return isOnly ? null : (
    <span>
      <Trans>At all other times</Trans>
    </span>
  )
}

/** For calls of which length it holds; nothing where it is any. */
const Length = ({ upTo, isOnly }: { upTo: number | null; isOnly: boolean }) => {
  if (upTo !== null)
    return (
      <span>
        <Trans>
          Calls of up to <Count of={upTo} /> input tokens
        </Trans>
      </span>
    )
  return isOnly ? null : (
    <span>
      <Trans>Longer calls</Trans>
    </span>
  )
}

type Units = ListedPrice['times'][number]['tiers'][number]['units']

function UnitPrices({ units }: { units: Units }) {
  const { t } = useLingui()
  return (
    <Table label={t`Prices`} heads={[{ text: t`What` }, { text: t`Price`, isNumber: true }]}>
      {units.map(({ unit, usd, per }) => (
        <Row key={unit}>
          <Cell>{t(unitNames[unit])}</Cell>
          <Cell isNumber>
            ${usd} <span className="text-muted">{t(perWords[saidForWords[per]])}</span>
          </Cell>
        </Row>
      ))}
    </Table>
  )
}

/** What is said below a table: of service tiers, and since when it holds. */
function Beside({ price: { serviceTiers, since } }: { price: ListedPrice }) {
  const { t } = useLingui()
  const tiers = serviceTiers.map(({ name, times }) => t`${name} times ${times}`).join(', ')
  return (
    <p className="px-4 pt-1 pb-4 text-sm text-muted sm:px-6">
      {tiers !== '' && <Trans>Service tiers: {tiers}.</Trans>}{' '}
      {since && (
        <Trans>
          In force since <Time at={since} to="day" isNamed />.
        </Trans>
      )}
    </p>
  )
}

const Price = ({ price }: { price: ListedPrice }) => (
  <>
    {price.times.map(({ hours, tiers }) =>
      tiers.map(({ upToInputTokens, units }) => {
        const isWhole = price.times.length === 1 && tiers.length === 1
        return (
          <div
            key={`${hours} ${upToInputTokens}`}
            className="not-first:border-t not-first:border-line"
          >
            {!isWhole && (
              <h3 className="flex flex-wrap gap-x-4 px-4 pt-3 text-sm font-medium sm:px-6">
                <Hours hours={hours} isOnly={price.times.length === 1} />
                <Length upTo={upToInputTokens} isOnly={tiers.length === 1} />
              </h3>
            )}
            <UnitPrices units={units} />
          </div>
        )
      }),
    )}
    <Beside price={price} />
  </>
)

/** Every price of a model: of each unit, by the hours and the length of the call. */
export const ModelPrices = ({ prices }: { prices: ListedPrice[] }) => (
  <>
    {prices.length > 1 && (
      <p className="px-4 pb-3 text-sm text-muted sm:px-6">
        <Trans>
          Several upstreams serve it, each at its own price. A call costs what the one that answers
          costs; the dearest is held.
        </Trans>
      </p>
    )}
    {prices.map((price, at) => (
      <Price key={at} price={price} />
    ))}
  </>
)
