import { Trans, useLingui } from '@lingui/react/macro'
import { useLoaderData } from '@remix-run/react'
import { page } from '../../pages/pages.server.ts'
import { modelsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { keyPlaceholder, keySnippet } from '../../ui/snippets.ts'
import { Snippet } from '../../ui/snippet.tsx'
import { msg } from '../../values/language/msg.ts'
import { ErrorsTable } from './errors-table.tsx'
import { Code, Named, Part, Words } from './parts.tsx'
import { readDocs } from './read.server.ts'
import { UsageApi } from './usage-api.tsx'
import { endpointWords, headerWords, moneyWords } from './words.ts'

export const meta = titled(
  msg`Documentation`,
  msg`How to call this relay: endpoints, errors, headers, limits, streams, and its usage.`,
)

/** `GET /docs`: how the API is used, with this relay's own address. */
export const loader = page(({ services }) => Promise.resolve(readDocs(services)))

const parts = {
  start: msg`Make a call`,
  endpoints: msg`Endpoints`,
  money: msg`What a call costs`,
  errors: msg`Errors`,
  headers: msg`Headers`,
  streams: msg`Streams`,
  limits: msg`Limits`,
  usage: msg`Ask what was used`,
}

function Contents() {
  const { t } = useLingui()
  return (
    <nav aria-label={t`On this page`}>
      <ul className="flex flex-wrap gap-x-5 text-sm">
        {Object.entries(parts).map(([id, title]) => (
          <li key={id}>
            <a
              href={`#${id}`}
              className="flex min-h-8 items-center font-medium text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent"
            >
              {t(title)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}

type Page = ReturnType<typeof readDocs>

function Start({ address, snippets }: Page) {
  const { t } = useLingui()
  const base = `${address}/v1`
  return (
    <Part id="start" title={t(parts.start)}>
      <Words>
        <Trans>
          Take whatever speaks to OpenAI or Anthropic and change two things: the key, and the base
          URL, which is <Code>{base}</Code> for programs of OpenAI’s and <Code>{address}</Code> for
          those of Anthropic’s. The key goes into <Code>Authorization: Bearer</Code> or{' '}
          <Code>x-api-key</Code>. <TextLink to={modelsPath}>Models and prices</TextLink>
        </Trans>
      </Words>
      <Snippet title={t`Your key`} text={keySnippet(keyPlaceholder)} />
      {snippets.map(({ name, title, text }) => (
        <Snippet key={name} title={title} text={text} />
      ))}
    </Part>
  )
}

function Money() {
  const { t } = useLingui()
  return (
    <Part id="money" title={t(parts.money)}>
      <Words>
        <Trans>
          Before a call goes out, the most that it can cost is held. When it ends, what it used is
          charged and the rest is released; it never costs more than its hold. A failed call is
          free. A call that names no limit on its output is given one where the money does not cover
          the longest answer, and <Code>x-relay-max-tokens</Code> says which.
        </Trans>
      </Words>
      <Words>
        <Trans>
          What does not fit is a 402, with what a program needs to ask for less. Its{' '}
          <Code>error</Code> has these members beside the usual ones:
        </Trans>
      </Words>
      <Named label={t`Members of a 402`} head={t`Member`} of={moneyWords} />
    </Part>
  )
}

const errorOfOpenai = '{"error": {"message", "type", "param", "code"}}'
const errorOfAnthropic = '{"type": "error", "error": {"type", "message"}, "request_id"}'

function Errors({ errors }: Pick<Page, 'errors'>) {
  const { t } = useLingui()
  return (
    <Part id="errors" title={t(parts.errors)}>
      <Words>
        <Trans>
          An error is <Code>{errorOfOpenai}</Code>; at <Code>/v1/messages</Code>, and for who sends{' '}
          <Code>anthropic-version</Code>, <Code>{errorOfAnthropic}</Code> with Anthropic’s types.
          What the provider says of a bad request passes as it is. No status that SDKs try again
          costs anything.
        </Trans>
      </Words>
      <ErrorsTable errors={errors} />
    </Part>
  )
}

function Streams({ limits }: Pick<Page, 'limits'>) {
  const { t } = useLingui()
  const { pingSeconds, readOnSeconds } = limits
  return (
    <Part id="streams" title={t(parts.streams)}>
      <Words>
        <Trans>
          Events pass as the provider writes them. In a silence of {pingSeconds} seconds a comment,
          or at /v1/messages a ping, says that the call lives. The last event comes when the call is
          charged: whoever has read it to the end finds its receipt.
        </Trans>
      </Words>
      <Words>
        <Trans>
          A provider that breaks off is one error event and no [DONE]; only what it has reported is
          charged. Whoever leaves pays for the input and what was delivered; where the model had not
          begun or was reasoning, the answer is read on for {readOnSeconds} seconds, and what the
          provider reports is charged.
        </Trans>
      </Words>
    </Part>
  )
}

function Limits({ limits, bodies }: Pick<Page, 'limits' | 'bodies'>) {
  const { t } = useLingui()
  const { totalMinutes, storedDays, outputTokensLeast } = limits
  const largest = (size: number) => ({ ...msg`A body of {size} MiB.`, values: { size } })
  return (
    <Part id="limits" title={t(parts.limits)}>
      <Words>
        <Trans>
          Who runs this relay may limit requests and tokens a minute and calls at once; GET /v1/key
          says which hold, and a 429 when to come again. A call takes {totalMinutes} minutes at the
          most. A kept response can be read for {storedDays} days, and the smallest
          max_output_tokens of one is {outputTokensLeast}.
        </Trans>
      </Words>
      <Named
        label={t`Largest bodies`}
        head={t`Endpoint`}
        of={Object.fromEntries(bodies.map(({ path, MiB }) => [path, largest(MiB)]))}
      />
    </Part>
  )
}

export default function Docs() {
  const docs = useLoaderData<typeof loader>()
  const { t } = useLingui()
  return (
    <>
      <PageTitle>
        <Trans>Documentation</Trans>
      </PageTitle>
      <Contents />
      <Start {...docs} />
      <Part id="endpoints" title={t(parts.endpoints)}>
        <Named
          label={t`Endpoints`}
          head={t`Path`}
          of={Object.fromEntries(docs.paths.map((path) => [path, endpointWords[path] ?? '']))}
        />
      </Part>
      <Money />
      <Errors {...docs} />
      <Part id="headers" title={t(parts.headers)}>
        <Words>
          <Trans>Of an answer; a page of another site may read all of them.</Trans>
        </Words>
        <Named label={t`Headers`} head={t`Header`} of={headerWords} />
      </Part>
      <Streams {...docs} />
      <Limits {...docs} />
      <Part id="usage" title={t(parts.usage)}>
        <UsageApi address={docs.address} />
      </Part>
    </>
  )
}
