import { Trans, useLingui } from '@lingui/react/macro'
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
import { msg } from '../../values/language/msg.ts'
import { may } from '../../values/teams/roles.ts'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { TimesIn } from '../../ui/zone/zone.tsx'

export const meta = titled(msg`API key`)

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
    title: msg`Saved`,
    text: msg`The next call of this key goes by it. Calls under way keep what they were let in with.`,
  },
  disabled: {
    tone: 'good',
    title: msg`This key is disabled`,
    text: msg`It starts no call any more, and streams it had under way are ended. Enable it when you like.`,
  },
  enabled: { tone: 'good', title: msg`This key is enabled`, text: msg`It works again.` },
  stale: {
    tone: 'warn',
    title: msg`This key was changed in the meantime`,
    text: msg`Nothing was saved. Below is the key as it is now; change it again if you still want to.`,
  },
  'not theirs': {
    tone: 'bad',
    title: msg`This key was disabled by somebody else`,
    text: msg`It stays so. Only an owner or an admin of the account can enable it.`,
  },
  gone: {
    tone: 'warn',
    title: msg`This key is revoked`,
    text: msg`It cannot be changed any more.`,
  },
} as const

type StopKeyProps = {
  of: { id: number; disabledAt: Date | null; isPlayground: boolean }
  mayEnable: boolean
  isPending: boolean
}

/** What stopping it means, and who may have it work again. */
const AboutStopping = ({
  of: { disabledAt, isPlayground },
  mayEnable,
}: Omit<StopKeyProps, 'isPending'>) => (
  <div className="grid gap-1 text-sm text-muted">
    <p>
      <Trans>A key that is disabled is refused until it is enabled again.</Trans>
    </p>
    {!isPlayground && (
      <p>
        <Trans>
          With a new secret the old one can go on for some hours, so that no program has to stop.
        </Trans>
      </p>
    )}
    {disabledAt && !mayEnable && (
      <p>
        <Trans>An owner or an admin of the account can enable this one.</Trans>
      </p>
    )}
  </div>
)

const StopKey = ({ of, mayEnable, isPending }: StopKeyProps) => {
  const { t } = useLingui()
  const { id, disabledAt, isPlayground } = of
  return (
    <Card title={isPlayground ? t`Stop it` : t`Stop it, or give it another secret`}>
      <div className="grid gap-3">
        <AboutStopping {...{ of, mayEnable }} />
        <PostForm action={keyPath(id)} className="flex flex-wrap gap-3 print:hidden">
          <input type="hidden" name="switch" value={disabledAt ? 'enable' : 'disable'} />
          {(!disabledAt || mayEnable) && (
            <Button look="secondary" isPending={isPending}>
              {disabledAt ? <Trans>Enable</Trans> : <Trans>Disable</Trans>}
            </Button>
          )}
          {!isPlayground && (
            <ButtonLink look="secondary" to={rotateKeyPath(id)}>
              <Trans>New secret…</Trans>
            </ButtonLink>
          )}
        </PostForm>
      </div>
    </Card>
  )
}

const AllKeys = () => (
  <TextLink to={keysPath}>
    <Trans>All keys</Trans>
  </TextLink>
)

export default function Key() {
  const { t } = useLingui()
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
      <PageTitle aside={<AllKeys />}>
        <span className="wrap-anywhere">{key.name}</span>
      </PageTitle>
      {notice && (
        <Notice tone={notice.tone} title={t(notice.title)} isAnswer>
          <p>{t(notice.text)}</p>
        </Notice>
      )}
      <Card title={t`Key`} aside={<TimesIn />}>
        <KeyFacts row={key} limits={held} usagePath={`${usagePath}?key=${key.id}`} />
      </Card>
      {key.revokedAt === null && (
        <Card title={t`Change it`}>
          <PostForm
            action={keyPath(key.id)}
            // Saved, or changed by somebody else: the form shows what is.
            key={version}
            className="grid max-w-2xl gap-4 print:hidden"
          >
            <DefaultButton />
            {isOthers && (
              <p className="text-sm text-muted">
                <Trans>
                  Whose key this is may change it too, and make others. What holds for a person is
                  their cap, at the people of the account.
                </Trans>
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
              <Button isPending={isPending} pendingText={t`Saving…`}>
                <Trans>Save</Trans>
              </Button>
              <ButtonLink look="secondary" to={revokeKeyPath(key.id)}>
                <Trans>Revoke…</Trans>
              </ButtonLink>
            </div>
          </PostForm>
        </Card>
      )}
      {key.revokedAt === null && <StopKey of={key} {...{ mayEnable, isPending }} />}
    </>
  )
}
