import type { ReactNode } from 'react'
import { PageTitle } from './page-frame.tsx'

type Words = { title: string; text: string }

const words: Record<number, Words> = {
  403: { title: 'This is not allowed', text: 'The request was refused. Nothing was changed.' },
  404: {
    title: 'There is no such page',
    text: 'The address may be mistyped, or what it showed no longer exists.',
  },
  405: {
    title: 'This page does not accept that request',
    text: 'Nothing was changed. Open the page again and repeat what you did.',
  },
  409: {
    title: 'You work in another account now',
    text: 'This page was opened for another one. Nothing was changed.',
  },
  413: {
    title: 'This form was too long',
    text: 'Nothing was changed. Shorten it and send it once more.',
  },
  429: {
    title: 'Too many requests',
    text: 'Nothing was changed. Wait a minute, and try once more.',
  },
  502: {
    title: 'The way to sign in does not work right now',
    text: 'The other side did not answer. Try again in a few minutes.',
  },
  503: {
    title: 'The relay cannot reach its database',
    text: 'This is a fault on our side and usually passes within a minute. Reload the page then.',
  },
}
const broken: Words = {
  title: 'Something went wrong on our side',
  text: 'It has been written to the log. Reload the page; if it happens again, tell whoever runs this relay.',
}

/** The words for an answer's status, also for the window's title. */
export const errorTitle = (status: number) => (words[status] ?? broken).title

type ErrorPageProps = { status: number; message?: string; id?: string; wayOut: ReactNode }

/** Says what happened, what to do next, and what to quote when asking for help. */
export function ErrorPage({ status, message, id, wayOut }: ErrorPageProps) {
  const { title, text } = words[status] ?? broken
  return (
    <div className="grid max-w-xl gap-4 py-8 sm:py-16">
      <p className="text-sm font-medium text-muted">Error {status}</p>
      <PageTitle>{title}</PageTitle>
      <p className="text-muted">{message ?? text}</p>
      <div>{wayOut}</div>
      {id && (
        <p className="border-t border-line pt-4 text-sm text-muted">
          When you ask for help, quote this id:{' '}
          <code className="font-mono wrap-anywhere text-ink select-all">{id}</code>
        </p>
      )}
    </div>
  )
}
