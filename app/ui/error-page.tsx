import type { ReactNode } from 'react'
import { PageTitle } from './page-frame.tsx'

type Words = { title: string; text: string }

const words: Record<number, Words> = {
  403: { title: 'This is not allowed', text: 'The request was refused. Nothing has changed.' },
  404: {
    title: 'There is no such page',
    text: 'The address may be mistyped, or what it showed is gone.',
  },
  405: { title: 'This page takes no such request', text: 'Open it again from one of its links.' },
  413: { title: 'That was too much at once', text: 'Nothing has changed.' },
  503: {
    title: 'We cannot reach our database',
    text: 'This is ours to mend, and mostly over in a minute. Then reload the page.',
  },
}
const broken: Words = {
  title: 'Something broke on our side',
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
