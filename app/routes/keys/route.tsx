import { Trans, useLingui } from '@lingui/react/macro'
import { data } from '@remix-run/node'
import { useActionData, useLoaderData, useNavigation } from '@remix-run/react'
import { createKeyFromForm } from './create.server.ts'
import { FindKeys } from './find-keys.tsx'
import { readKeysPage } from './read.server.ts'
import {
  clientsOf,
  formOf,
  newFormToken,
  personalPage,
  pickableModels,
  requireRight,
} from '../../pages/pages.server.ts'
import { keyPath, keysPath, revokeKeyPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Card } from '../../ui/card.tsx'
import { ClientSnippets } from '../../ui/client-snippets.tsx'
import { keyPlaceholder } from '../../ui/snippets.ts'
import { Empty } from '../../ui/empty.tsx'
import { KeysTable } from '../../ui/account/keys-table.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { NewSecret } from '../../ui/account/new-secret.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Pager } from '../../ui/pager.tsx'
import { Time } from '../../ui/time.tsx'
import { clockNow } from '../../values/clock.ts'
import { TimesIn } from '../../ui/zone/zone.tsx'
import { msg } from '../../values/language/msg.ts'

export const meta = titled(msg`API keys`)

/**
 * `GET /keys`: the account's keys, or the person's own, those that work first. `name` and `status` narrow them, `after` and
 * `before` say which page is shown; `revoked=ID` says what was just done.
 */
export const loader = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'manage-own-keys')
  const page = await readKeysPage(services, person, request.url, clockNow())
  return {
    ...page,
    formToken: newFormToken(),
    models: pickableModels(services),
    clients: clientsOf(services),
  }
})

/** `POST /keys`: makes a key. Its secret is in this answer and in no other. */
export const action = personalPage(async ({ request, person, services }) => {
  requireRight(person, 'manage-own-keys')
  const answer = await createKeyFromForm(services, person, await formOf(request))
  return data(answer, { status: answer.status })
})

const Revoked = ({ name, revokedAt }: { name: string; revokedAt: Date }) => {
  const { t } = useLingui()
  return (
    <Notice tone="good" title={t`“${name}” is revoked`} isAnswer>
      <p>
        <Trans>
          No call has started with it since <Time at={revokedAt} to="millisecond" isNamed />. Calls
          that were under way then end within five seconds, and what they had delivered is charged.
        </Trans>
      </p>
    </Notice>
  )
}

const Repeated = () => {
  const { t } = useLingui()
  return (
    <Notice tone="warn" title={t`This form was sent before`} isAnswer>
      <p>
        <Trans>
          The key was made the first time, and no second one was made. Its secret was shown then and
          cannot be shown again. If you did not copy it, revoke that key and create another.
        </Trans>
      </p>
    </Notice>
  )
}

const pagerWords = { newest: msg`First page`, newer: msg`← Before`, older: msg`More →` }

/** Of keys that were asked for there are none, or there are none at all. */
const NoKeys = ({ isNarrowed }: { isNarrowed: boolean }) => {
  const { t } = useLingui()
  return isNarrowed ? (
    <Empty title={t`No key is like that`}>
      <TextLink to={keysPath}>
        <Trans>Show all keys</Trans>
      </TextLink>
    </Empty>
  ) : (
    <Empty title={t`No keys yet`}>
      <Trans>Create one above; it works at once.</Trans>
    </Empty>
  )
}

export default function Keys() {
  const { t } = useLingui()
  const page = useLoaderData<typeof loader>()
  const { keys, revoked, formToken, models, clients } = page
  const answer = useActionData<typeof action>()
  const isPending = useNavigation().formAction === keysPath
  return (
    <>
      <PageTitle>
        <Trans>API keys</Trans>
      </PageTitle>
      {answer?.kind === 'created' && <NewSecret {...answer} clients={clients} />}
      {answer?.kind === 'repeated' && <Repeated />}
      {!answer && revoked?.revokedAt && (
        <Revoked name={revoked.name} revokedAt={revoked.revokedAt} />
      )}
      <Card title={t`New key`}>
        <NewKeyForm
          action={keysPath}
          // A key that was made leaves an empty form behind.
          key={answer?.kind === 'created' ? answer.id : 'new'}
          formToken={answer?.formToken ?? formToken}
          models={answer?.kind === 'finding' ? { ...models, find: answer.find } : models}
          typed={
            answer?.kind === 'invalid' || answer?.kind === 'finding' ? answer.typed : undefined
          }
          errors={answer?.kind === 'invalid' ? answer.errors : undefined}
          isPending={isPending}
        />
      </Card>
      <Card title={t`Your keys`} aside={<TimesIn />} isFlush>
        {page.isLong && <FindKeys action={keysPath} filter={page.filter} />}
        {keys.length > 0 ? (
          <KeysTable keys={keys} pathOf={keyPath} revokePath={revokeKeyPath} />
        ) : (
          <NoKeys isNarrowed={page.isNarrowed} />
        )}
        <Pager {...page.pages} words={pagerWords} />
      </Card>
      <Card title={t`Set up your programs`}>
        <ClientSnippets clients={clients} shownKey={keyPlaceholder} />
      </Card>
    </>
  )
}
