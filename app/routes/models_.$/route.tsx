import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData, type MetaFunction } from '@remix-run/react'
import { listedPrices } from '../../catalog/catalog.server.ts'
import { notFound, page } from '../../pages/pages.server.ts'
import { keyPath, modelsJsonPath, modelsPath, playgroundPath } from '../../paths.ts'
import { titleTags } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { FileLink, TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { msg } from '../../values/language/msg.ts'
import { covers } from '../../values/model-scope.ts'
import { findBuyer, keysFor } from '../models/buyer.server.ts'
import { endpointsOf, isTalkedTo, offeredModels } from '../models/offered.server.ts'
import { ModelFacts } from './model-facts.tsx'
import { ModelPrices } from './model-prices.tsx'

export const meta: MetaFunction<typeof loader> = ({ data, matches }) =>
  titleTags(matches, data?.name ?? msg`No such model`)

/** `GET /models/ID`: one model by any of its names, for anybody. */
export const loader = page(async ({ request, params, services }) => {
  const asked = params['*'] ?? ''
  const isIt = (name: string) => name === asked
  const model = offeredModels(services).find((it) => isIt(it.name) || it.aliases.some(isIt))
  if (!model) throw notFound(msg`No model of this name is on sale here.`)
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
  const { t } = useLingui()
  const { name, asked, prices, isSignedIn, canTry } = model
  return (
    <>
      <PageTitle aside={<Ways to={canTry ? name : undefined} />}>
        <span className="flex flex-wrap items-center gap-x-2">
          <span className="wrap-anywhere">{name}</span>
          <CopyButton text={name} what={name} />
        </span>
      </PageTitle>
      {asked !== name && (
        <p className="-mt-3 text-sm text-muted">
          <Trans>
            <span className="wrap-anywhere">{asked}</span> is another name of it, at the same price.
          </Trans>
        </p>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[3fr_2fr]">
        <Card
          title={t`What it costs`}
          aside={isSignedIn ? t`As your account pays it` : t`Before any discount of an account`}
          isFlush
        >
          <ModelPrices prices={prices} />
        </Card>
        <Card title={t`What it is`} aside={<AsJson name={name} />}>
          <ModelFacts model={model} keyPath={keyPath} />
        </Card>
      </div>
    </>
  )
}

/** Where one goes from here; `to` is the model that can be tried. */
const Ways = ({ to }: { to: string | undefined }) => (
  <span className="flex flex-wrap gap-x-4">
    {to !== undefined && (
      <TextLink to={playgroundPath(to)}>
        <Trans>Try it</Trans>
      </TextLink>
    )}
    <TextLink to={modelsPath}>
      <Trans>All models</Trans>
    </TextLink>
  </span>
)

const AsJson = ({ name }: { name: string }) => (
  <FileLink to={modelsJsonPath(name)}>
    <Trans>As JSON</Trans>
  </FileLink>
)
