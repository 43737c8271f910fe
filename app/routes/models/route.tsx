import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData } from '@remix-run/react'
import { page } from '../../pages/pages.server.ts'
import { modelPath, modelsJsonPath, modelsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { FileLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { msg } from '../../values/language/msg.ts'
import { FindModels } from './find-models.tsx'
import { ModelsTable } from './models-table.tsx'
import { readModelsPage } from './read.server.ts'

export const meta = titled(
  msg`Models and prices`,
  msg`Every model on sale here, with its names, its limits and what each unit costs.`,
)

/** `GET /models`: what is on sale, for anybody; at their own prices for who is signed in. */
export const loader = page(({ request, services }) => readModelsPage(request, services))

const words = { newest: msg`First`, newer: msg`← Before these`, older: msg`More →` }

export default function Models() {
  const { find, isSignedIn, total, models, pages } = useLoaderData<typeof loader>()
  const { t } = useLingui()
  const json = (
    <FileLink to={modelsJsonPath()}>
      <Trans>The same as JSON</Trans>
    </FileLink>
  )
  return (
    <>
      <PageTitle aside={json}>
        <Trans>Models and prices</Trans>
      </PageTitle>
      <p className="-mt-3 max-w-3xl text-sm text-muted">
        {isSignedIn ? (
          <Trans>
            Dollars for a million tokens, or as a model’s page says. These are the prices that your
            account pays.
          </Trans>
        ) : (
          <Trans>
            Dollars for a million tokens, or as a model’s page says. Some accounts pay a part of
            these prices; yours are shown when you are signed in.
          </Trans>
        )}
      </p>
      <Card isFlush>
        <FindModels action={modelsPath} find={find} total={total} />
        {models.length > 0 ? (
          <ModelsTable models={models} pathOf={modelPath} />
        ) : (
          <Empty title={t`No model is called like that`}>
            <Trans>Look for a part of its name, or of its maker’s.</Trans>
          </Empty>
        )}
        <Pager {...pages} words={words} />
      </Card>
    </>
  )
}
