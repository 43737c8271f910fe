import { unitNames } from '../../ui/account/receipt-words.ts'
import { Cell, Row, Table } from '../../ui/table.tsx'
import { Time } from '../../ui/time.tsx'
import { saidForWords, type Unit } from '../../values/units.ts'
import { formatCount } from '../../ui/format/numbers.tsx'

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

const heads = [{ text: 'What' }, { text: 'Price', isNumber: true }]

/** At which hours a table of prices holds; nothing where they are all. */
const Hours = ({ hours, isOnly }: { hours: string | null; isOnly: boolean }) => {
  if (hours !== null) return <span>At {hours} UTC</span>
  return isOnly ? null : <span>At all other times</span>
}

/** For calls of which length it holds; nothing where it is any. */
const Length = ({ upTo, isOnly }: { upTo: number | null; isOnly: boolean }) => {
  if (upTo !== null) return <span>Calls of up to {formatCount(upTo)} input tokens</span>
  return isOnly ? null : <span>Longer calls</span>
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
            <Table label="Prices" heads={heads}>
              {units.map(({ unit, usd, per }) => (
                <Row key={unit}>
                  <Cell>{unitNames[unit]}</Cell>
                  <Cell isNumber>
                    ${usd} <span className="text-muted">{saidForWords[per]}</span>
                  </Cell>
                </Row>
              ))}
            </Table>
          </div>
        )
      }),
    )}
    <p className="px-4 pt-1 pb-4 text-sm text-muted sm:px-6">
      {price.serviceTiers.length > 0 && (
        <>
          Service tiers:{' '}
          {price.serviceTiers.map(({ name, times }) => `${name} times ${times}`).join(', ')}.{' '}
        </>
      )}
      {price.since && (
        <>
          In force since <Time at={price.since} to="day" isNamed />.
        </>
      )}
    </p>
  </>
)

/** Every price of a model: of each unit, by the hours and the length of the call. */
export const ModelPrices = ({ prices }: { prices: ListedPrice[] }) => (
  <>
    {prices.length > 1 && (
      <p className="px-4 pb-3 text-sm text-muted sm:px-6">
        Several upstreams serve it, each at its own price. A call costs what the one that answers
        costs; the dearest is held.
      </p>
    )}
    {prices.map((price, at) => (
      <Price key={at} price={price} />
    ))}
  </>
)
