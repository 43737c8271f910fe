import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { listedPrices } from '../../catalog/catalog.server.ts'
import { notFound, page } from '../../pages/pages.server.ts'
import { keyPath, modelsJsonPath, modelsPath, playgroundPath } from '../../paths.ts'
import { titleTags } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FileLink, TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { covers } from '../../values/model-scope.ts'
import { findBuyer, keysFor } from '../models/buyer.server.ts'
import { endpointsOf, isTalkedTo, offeredModels } from '../models/offered.server.ts'
import { ModelFacts } from './model-facts.tsx'
import { ModelPrices } from './model-prices.tsx'

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  titleTags(matches, data?.name ?? 'No such model')

/** `GET /models/ID`: one model by any of its names, for anybody. */
export const loader = page(async ({ request, params, services }) => {
  const asked = params['*'] ?? ''
  const isIt = (name: string) => name === asked
  const model = offeredModels(services).find((it) => isIt(it.name) || it.aliases.some(isIt))
  if (!model) throw notFound('No model of this name is on sale here.')
  const buyer = await findBuyer(request, services)
  const { name, kind, ownedBy, contextTokens, outputTokensMax } = model
  const isForAccount = covers(buyer.groupModels, name)
  return {
    name,
    asked,
    kind,
    ownedBy,
    contextTokens,
    outputTokensMax,
    aliases: [...model.aliases],
    reasoning: model.reasoning === 1,
    vision: model.vision === 1,
    endpoints: endpointsOf(model),
    prices: listedPrices(model, buyer.factor),
    isSignedIn: buyer.isSignedIn,
    canTry: buyer.mayCall && isForAccount && isTalkedTo(model),
    isForAccount,
    keys: keysFor(buyer, name),
  }
})

export default function Model() {
  const model = useLoaderData<typeof loader>()
  const { name, asked, prices, isSignedIn, canTry } = model
  return (
    <>
      <PageTitle
        aside={
          <span className="flex flex-wrap gap-x-4">
            {canTry && <TextLink to={playgroundPath(name)}>Try it</TextLink>}
            <TextLink to={modelsPath}>All models</TextLink>
          </span>
        }
      >
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="wrap-anywhere">{name}</span>
          <CopyButton text={name} what={name} />
        </span>
      </PageTitle>
      {asked !== name && (
        <p className="-mt-3 text-sm text-muted">
          <span className="wrap-anywhere">{asked}</span> is another name of it, at the same price.
        </p>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        <Card
          title="What it costs"
          aside={isSignedIn ? 'As your account pays it' : 'Before any discount of an account'}
          isFlush
        >
          <ModelPrices prices={prices} />
        </Card>
        <Card title="What it is" aside={<FileLink to={modelsJsonPath(name)}>As JSON</FileLink>}>
          <ModelFacts model={model} keyPath={keyPath} />
        </Card>
      </div>
    </>
  )
}
