import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import type { ReactNode } from 'react'
import { msg } from '../values/language/msg.ts'
import { PageTitle } from './page-frame.tsx'

type Words = { title: MessageDescriptor; text: MessageDescriptor }

const words: Record<number, Words> = {
  403: {
    title: msg`This is not allowed`,
    text: msg`The request was refused. Nothing was changed.`,
  },
  404: {
    title: msg`There is no such page`,
    text: msg`The address may be mistyped, or what it showed no longer exists.`,
  },
  405: {
    title: msg`This page does not accept that request`,
    text: msg`Nothing was changed. Open the page again and repeat what you did.`,
  },
  409: {
    title: msg`You work in another account now`,
    text: msg`This page was opened for another one. Nothing was changed.`,
  },
  413: {
    title: msg`This form was too long`,
    text: msg`Nothing was changed. Shorten it and send it once more.`,
  },
  429: {
    title: msg`Too many requests`,
    text: msg`Nothing was changed. Wait a minute, and try once more.`,
  },
  502: {
    title: msg`The way to sign in does not work right now`,
    text: msg`The other side did not answer. Try again in a few minutes.`,
  },
  503: {
    title: msg`The relay cannot reach its database`,
    text: msg`This is a fault on our side and usually passes within a minute. Reload the page then.`,
  },
}
const broken: Words = {
  title: msg`Something went wrong on our side`,
  text: msg`It has been written to the log. Reload the page; if it happens again, tell whoever runs this relay.`,
}

/** The words for an answer's status, also for the window's title. */
export const errorTitle = (status: number) => (words[status] ?? broken).title

/** What somebody quotes who asks for help. */
export const IdToQuote = ({ id }: { id: string }) => (
  <p className="border-t border-line pt-4 text-sm text-muted">
    <Trans>
      When you ask for help, quote this id:{' '}
      <code className="font-mono wrap-anywhere text-ink select-all">{id}</code>
    </Trans>
  </p>
)

type ErrorPageProps = {
  status: number
  title?: MessageDescriptor | undefined
  message?: string | MessageDescriptor | undefined
  id?: string | undefined
  wayOut: ReactNode
}

/** Says what happened, what to do next, and what to quote when asking for help. */
export function ErrorPage({ status, title, message, id, wayOut }: ErrorPageProps) {
  const { t } = useLingui()
  const usual = words[status] ?? broken
  return (
    <div className="grid max-w-xl gap-4 py-8 sm:py-16">
      <p className="text-sm font-medium text-muted">
        <Trans>Error {status}</Trans>
      </p>
      <PageTitle>{t(title ?? usual.title)}</PageTitle>
      <p className="text-muted">
        {typeof message === 'string' ? message : t(message ?? usual.text)}
      </p>
      <div>{wayOut}</div>
      {id && <IdToQuote id={id} />}
    </div>
  )
}
