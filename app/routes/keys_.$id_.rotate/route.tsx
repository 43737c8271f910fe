import { Plural, Trans, useLingui } from '@lingui/react/macro'
import { data, redirect } from '@remix-run/node'
import { useActionData, useLoaderData, useNavigation } from '@remix-run/react'
import {
  clientsOf,
  findOwnKey,
  formOf,
  newFormToken,
  personalPage,
} from '../../pages/pages.server.ts'
import { keyPath, revokedKeyPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { NewSecret } from '../../ui/account/new-secret.tsx'
import { Button, ButtonLink } from '../../ui/button.tsx'
import { Card } from '../../ui/card.tsx'
import { TextField } from '../../ui/field.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Notice } from '../../ui/notice.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { PostForm } from '../../ui/forms/post-form.tsx'
import { Time } from '../../ui/time.tsx'
import { msg } from '../../values/language/msg.ts'
import { rotateFromForm } from './rotate.server.ts'

export const meta = titled(msg`New secret`)

/**
 * `GET /keys/:id/rotate`: asks for how long the old secret is to work. That of a playground's key
 * nobody has.
 */
export const loader = personalPage(async (args) => {
  const { id, name, prefix, lastFour, oldUntil, revokedAt, isPlayground } = await findOwnKey(args)
  if (isPlayground) throw redirect(keyPath(id))
  if (revokedAt) throw redirect(revokedKeyPath(id))
  const masked = `${prefix}…${lastFour}`
  return {
    id,
    name,
    masked,
    oldUntil,
    formToken: newFormToken(),
    clients: clientsOf(args.services),
  }
})

/** `POST /keys/:id/rotate`: makes the secret, which is in this answer and in no other. */
export const action = personalPage(async (args) => {
  const key = await findOwnKey(args)
  if (key.isPlayground) throw redirect(keyPath(key.id))
  const form = await formOf(args.request)
  const answer = await rotateFromForm(args.services, args.person, key, form)
  return data(answer, { status: answer.status })
})

const notices = {
  repeated: msg`This form was sent before. The secret was made, and shown, then; make another one if you did not copy it.`,
  gone: msg`This key is revoked: it gets no secret any more.`,
}

/** What becomes of the secret before it. */
const OldOne = ({ hours }: { hours: number }) =>
  hours === 0 ? (
    <Trans>
      The old secret has stopped working. What the key has spent and may do stays as it was.
    </Trans>
  ) : (
    <Trans>
      The old secret works for <Plural value={hours} one="# more hour" other="# more hours" />. What
      the key has spent and may do stays as it was.
    </Trans>
  )

export default function RotateKey() {
  const { t } = useLingui()
  const { id, name, masked, oldUntil, formToken, clients } = useLoaderData<typeof loader>()
  const answer = useActionData<typeof action>()
  const isPending = useNavigation().state === 'submitting'
  return (
    <div className="mx-auto grid w-full max-w-2xl gap-6 sm:py-8">
      <PageTitle
        aside={
          <TextLink to={keyPath(id)}>
            <Trans>The key</Trans>
          </TextLink>
        }
      >
        <span className="wrap-anywhere">
          <Trans>A new secret for “{name}”</Trans>
        </span>
      </PageTitle>
      {answer?.kind === 'rotated' && (
        <>
          <NewSecret name={name} secret={answer.secret} clients={clients} />
          <p>
            <OldOne hours={answer.hours} />
          </p>
        </>
      )}
      {(answer?.kind === 'repeated' || answer?.kind === 'gone') && (
        <Notice tone="warn" title={t`No secret was made`} isAnswer>
          <p>{t(notices[answer.kind])}</p>
        </Notice>
      )}
      <Card>
        <PostForm className="grid gap-4">
          <input type="hidden" name="formToken" value={answer?.formToken ?? formToken} />
          <p>
            <Trans>
              The key gets another secret, shown once. The one it has now,{' '}
              <code className="font-mono text-sm">{masked}</code>, works beside it for as long as
              you say, so that your programs need not stop.
            </Trans>
          </p>
          {oldUntil && (
            <p className="text-sm font-medium">
              <Trans>
                The secret before that works until <Time at={oldUntil} to="minute" isNamed />; with
                another new one it stops at once.
              </Trans>
            </p>
          )}
          <TextField
            label={t`Hours for which the old secret works`}
            name="hours"
            inputMode="numeric"
            typed={answer?.kind === 'invalid' ? answer.typed : '24'}
            error={answer?.kind === 'invalid' ? t(answer.error) : undefined}
            hint={t`0 to 168. 0: not at all, for a secret that others may know.`}
          />
          <div className="flex flex-wrap gap-3">
            <Button isPending={isPending} pendingText={t`Making it…`}>
              <Trans>Make a new secret</Trans>
            </Button>
            <ButtonLink look="secondary" to={keyPath(id)}>
              <Trans>Keep the old one</Trans>
            </ButtonLink>
          </div>
        </PostForm>
      </Card>
    </div>
  )
}
