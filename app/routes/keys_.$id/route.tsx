import { data } from '@remix-run/node'
import {
  Form,
  useActionData,
  useLoaderData,
  useNavigation,
  type MetaFunction,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import { versionOf } from '../../keys/keys.server.ts'
import { changeKeyFromForm } from './change.server.ts'
import { findOwnKey, formOf, knownModels, personalPage, typedOf } from '../../pages/pages.server.ts'
import { keyRow } from '../keys/key-row.server.ts'
import { keyPath, keysPath, revokeKeyPath, usagePath } from '../../paths.ts'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { KeyFacts } from './key-facts.tsx'
import { KeyLimits, KeyName } from '../../ui/account/key-fields.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'

export const meta: MetaFunction = () => [{ title: 'API key · AI API Relay' }]

/** `GET /keys/:id`: all that is known of one key, and the form that changes it. */
export const loader = personalPage(async (args) => {
  const key = await findOwnKey(args)
  return {
    key: keyRow(key),
    typed: typedOf(key),
    version: versionOf(key),
    models: knownModels(args.services),
  }
})

/** `POST /keys/:id`: changes its name and its limits; the next call goes by them. */
export const action = personalPage(async (args) => {
  const key = await findOwnKey(args)
  const form = await formOf(args.request)
  const answer = await changeKeyFromForm(args.services, args.person.accountId, key, form)
  return data(answer, { status: answer.status })
})

/** Remix shows old data after a refusal; what somebody else has changed is to be seen. */
export const shouldRevalidate: ShouldRevalidateFunction = (change) =>
  change.actionStatus === 409 || change.defaultShouldRevalidate

const notices = {
  changed: {
    tone: 'good',
    title: 'Saved',
    text: 'The next call of this key goes by it. Calls under way keep what they were let in with.',
  },
  stale: {
    tone: 'warn',
    title: 'This key was changed in the meantime',
    text: 'Nothing was saved. Below is the key as it is now; change it again if you still want to.',
  },
  gone: { tone: 'warn', title: 'This key is revoked', text: 'It cannot be changed any more.' },
} as const

export default function Key() {
  const { key, typed, version, models } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const isPending = useNavigation().state === 'submitting'
  // Gone while the next answer is awaited, so that a second "Saved" is seen, and read out, as new.
  const notice =
    answer && answer.kind !== 'invalid' && !isPending ? notices[answer.kind] : undefined
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  return (
    <>
      <PageTitle aside={<TextLink to={keysPath}>All keys</TextLink>}>
        <span className="wrap-anywhere">{key.name}</span>
      </PageTitle>
      {notice && (
        <Notice tone={notice.tone} title={notice.title} isAnswer>
          <p>{notice.text}</p>
        </Notice>
      )}
      <Card title="Key" aside="Times are UTC">
        <KeyFacts row={key} usagePath={`${usagePath}?key=${key.id}`} />
      </Card>
      {key.revokedAt === null && (
        <Card title="Change it">
          <Form
            method="post"
            action={keyPath(key.id)}
            // Saved, or changed by somebody else: the form shows what is.
            key={version}
            className="grid max-w-2xl gap-4 print:hidden"
          >
            <input type="hidden" name="version" value={version} />
            <KeyName {...{ typed: invalid?.typed ?? typed, errors: invalid?.errors }} />
            <KeyLimits {...{ typed: invalid?.typed ?? typed, errors: invalid?.errors, models }} />
            <div className="flex flex-wrap gap-3">
              <Button isPending={isPending} pendingText="Saving…">
                Save
              </Button>
              <ButtonLink look="secondary" to={revokeKeyPath(key.id)}>
                Revoke…
              </ButtonLink>
            </div>
          </Form>
        </Card>
      )}
    </>
  )
}
