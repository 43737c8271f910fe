import { data } from '@remix-run/node'
import {
  useActionData,
  useLoaderData,
  useNavigation,
  type ShouldRevalidateFunction,
} from '@remix-run/react'
import { versionOf } from '../../keys/keys.server.ts'
import { changeKeyFromForm, switchKey } from './change.server.ts'
import {
  findOwnKey,
  formOf,
  personalPage,
  pickableModels,
  typedOf,
} from '../../pages/pages.server.ts'
import { readHeldLimits } from '../../rates/rates.server.ts'
import { keyRow } from '../keys/key-row.server.ts'
import { keyPath, keysPath, revokeKeyPath, rotateKeyPath, usagePath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { Button, ButtonLink, DefaultButton } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { KeyFacts } from './key-facts.tsx'
import { KeyLimits, KeyName } from '../../ui/account/key-fields.tsx'
import { TextLink } from '../../ui/link.tsx'
import { may } from '../../values/teams/roles.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled('API key')

/** `GET /keys/:id`: all that is known of one key, and the form that changes it. */
export const loader = personalPage(async (args) => {
  const key = await findOwnKey(args)
  const { role, userId } = args.person
  const isManager = may(role, 'manage-all-keys')
  return {
    key: keyRow(key),
    isOthers: isManager && key.userId !== null && key.userId !== userId,
    mayEnable: isManager || key.disabledBy === userId,
    typed: typedOf(args.person.zone, key),
    version: versionOf(key),
    models: pickableModels(args.services),
    held: await readHeldLimits(args.services.db, {
      accountId: args.person.accountId,
      keyId: key.id,
    }),
  }
})

/**
 * `POST /keys/:id`: changes its name and its limits, or with `switch` disables or enables it; the next
 * call goes by that.
 */
export const action = personalPage(async (args) => {
  const key = await findOwnKey(args)
  const form = await formOf(args.request)
  const to = form.get('switch')
  const isSwitch = to === 'disable' || to === 'enable'
  const answer = isSwitch
    ? await switchKey(args.services, args.person, key, to === 'disable')
    : await changeKeyFromForm(args.services, args.person, key, form)
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
  disabled: {
    tone: 'good',
    title: 'This key is disabled',
    text: 'It starts no call any more, and streams it had under way are ended. Enable it when you like.',
  },
  enabled: { tone: 'good', title: 'This key is enabled', text: 'It works again.' },
  stale: {
    tone: 'warn',
    title: 'This key was changed in the meantime',
    text: 'Nothing was saved. Below is the key as it is now; change it again if you still want to.',
  },
  'not theirs': {
    tone: 'bad',
    title: 'This key was disabled by somebody else',
    text: 'It stays so. Only an owner or an admin of the account can enable it.',
  },
  gone: { tone: 'warn', title: 'This key is revoked', text: 'It cannot be changed any more.' },
} as const

type StopKeyProps = {
  id: number
  disabledAt: Date | null
  isPlayground: boolean
  mayEnable: boolean
  isPending: boolean
}

const StopKey = ({ id, disabledAt, isPlayground, mayEnable, isPending }: StopKeyProps) => (
  <Card title={isPlayground ? 'Stop it' : 'Stop it, or give it another secret'}>
    <div className="grid gap-3">
      <div className="grid gap-1 text-sm text-muted">
        <p>A key that is disabled is refused until it is enabled again.</p>
        {!isPlayground && (
          <p>
            With a new secret the old one can go on for some hours, so that no program has to stop.
          </p>
        )}
        {disabledAt && !mayEnable && (
          <p>An owner or an admin of the account can enable this one.</p>
        )}
      </div>
      <PostForm action={keyPath(id)} className="flex flex-wrap gap-3 print:hidden">
        <input type="hidden" name="switch" value={disabledAt ? 'enable' : 'disable'} />
        {(!disabledAt || mayEnable) && (
          <Button look="secondary" isPending={isPending}>
            {disabledAt ? 'Enable' : 'Disable'}
          </Button>
        )}
        {!isPlayground && (
          <ButtonLink look="secondary" to={rotateKeyPath(id)}>
            New secret…
          </ButtonLink>
        )}
      </PostForm>
    </div>
  </Card>
)

export default function Key() {
  const { key, typed, version, models, held, isOthers, mayEnable } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const isPending = useNavigation().state === 'submitting'
  // Gone while the next answer is awaited, so that a second "Saved" is seen, and read out, as new.
  const notice =
    answer && answer.kind !== 'invalid' && answer.kind !== 'finding' && !isPending
      ? notices[answer.kind]
      : undefined
  const invalid = answer?.kind === 'invalid' ? answer : undefined
  const finding = answer?.kind === 'finding' ? answer : undefined
  const shown = invalid?.typed ?? finding?.typed ?? typed
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
      <Card title="Key" aside={<TimesIn />}>
        <KeyFacts row={key} limits={held} usagePath={`${usagePath}?key=${key.id}`} />
      </Card>
      {key.revokedAt === null && (
        <Card title="Change it">
          <PostForm
            action={keyPath(key.id)}
            // Saved, or changed by somebody else: the form shows what is.
            key={version}
            className="grid max-w-2xl gap-4 print:hidden"
          >
            <DefaultButton />
            {isOthers && (
              <p className="text-sm text-muted">
                Whose key this is may change it too, and make others. What holds for a person is
                their cap, at the people of the account.
              </p>
            )}
            <input type="hidden" name="version" value={version} />
            <KeyName {...{ typed: shown, errors: invalid?.errors }} />
            <KeyLimits
              typed={shown}
              errors={invalid?.errors}
              models={finding ? { ...models, find: finding.find } : models}
            />
            <div className="flex flex-wrap gap-3">
              <Button isPending={isPending} pendingText="Saving…">
                Save
              </Button>
              <ButtonLink look="secondary" to={revokeKeyPath(key.id)}>
                Revoke…
              </ButtonLink>
            </div>
          </PostForm>
        </Card>
      )}
      {key.revokedAt === null && (
        <StopKey
          id={key.id}
          disabledAt={key.disabledAt}
          isPlayground={key.isPlayground}
          mayEnable={mayEnable}
          isPending={isPending}
        />
      )}
    </>
  )
}
