import { data } from '@remix-run/node'
import { useActionData, useLoaderData, useNavigation, type MetaFunction } from '@remix-run/react'
import { listKeys } from '../../keys/keys.server.ts'
import { createKeyFromForm } from './create.server.ts'
import { keyRow } from './key-row.server.ts'
import { knownModels, newFormToken, personalPage } from '../../pages/pages.server.ts'
import { keyPath, keysPath, revokeKeyPath } from '../../paths.ts'
import { Card } from '../../ui/card.tsx'
import { Empty } from '../../ui/empty.tsx'
import { KeysTable } from '../../ui/account/keys-table.tsx'
import { NewKeyForm } from './new-key-form.tsx'
import { NewSecret } from '../../ui/account/new-secret.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { Time } from '../../ui/time.tsx'

export const meta: MetaFunction = () => [{ title: 'API keys · AI API Relay' }]

/** `GET /keys`: the account's keys, those that work first. `?revoked=ID` says what was just done. */
export const loader = personalPage(async ({ request, person, services }) => {
  const { db, env } = services
  const rows = await listKeys(db, person.accountId)
  const keys = rows.map(keyRow)
  const asked = new URL(request.url).searchParams.get('revoked')
  const revoked = keys.find(({ id, revokedAt }) => revokedAt !== null && String(id) === asked)
  return {
    keys,
    revoked: revoked ?? null,
    formToken: newFormToken(),
    models: knownModels(services),
    address: env.APP_URL,
  }
})

/** `POST /keys`: makes a key. Its secret is in this answer and in no other. */
export const action = personalPage(async ({ request, person, services }) => {
  const answer = await createKeyFromForm(services, person.accountId, await request.formData())
  return data(answer, { status: answer.status })
})

const Revoked = ({ name, revokedAt }: { name: string; revokedAt: Date }) => (
  <Notice tone="good" title={`“${name}” is revoked`} isAnswer>
    <p>
      No call has started with it since <Time at={revokedAt} to="millisecond" /> UTC. Calls that
      were under way then end within five seconds, and what they had delivered is charged.
    </p>
  </Notice>
)

const Repeated = () => (
  <Notice tone="warn" title="This form was sent before" isAnswer>
    <p>
      The key was made the first time, and no second one was made. Its secret was shown then and
      cannot be shown again. If you did not copy it, revoke that key and create another.
    </p>
  </Notice>
)

export default function Keys() {
  const { keys, revoked, formToken, models, address } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const isPending = useNavigation().formAction === keysPath
  return (
    <>
      <PageTitle>API keys</PageTitle>
      {answer?.kind === 'created' && <NewSecret {...answer} address={address} />}
      {answer?.kind === 'repeated' && <Repeated />}
      {!answer && revoked?.revokedAt && (
        <Revoked name={revoked.name} revokedAt={revoked.revokedAt} />
      )}
      <Card title="New key">
        <NewKeyForm
          action={keysPath}
          // A key that was made leaves an empty form behind.
          key={answer?.kind === 'created' ? answer.id : 'new'}
          formToken={answer?.formToken ?? formToken}
          models={models}
          typed={answer?.kind === 'invalid' ? answer.typed : undefined}
          errors={answer?.kind === 'invalid' ? answer.errors : undefined}
          isPending={isPending}
        />
      </Card>
      <Card title="Your keys" aside="Times are UTC" isFlush>
        {keys.length > 0 ? (
          <KeysTable keys={keys} pathOf={keyPath} revokePath={revokeKeyPath} />
        ) : (
          <Empty title="No keys yet">Create one above; it works at once.</Empty>
        )}
      </Card>
    </>
  )
}
