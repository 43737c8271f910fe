import { useLoaderData } from '@remix-run/react'
import { page } from '../../pages/pages.server.ts'
import { modelsPath } from '../../paths.ts'
import { titled } from '../../ui/brand/titled.ts'
import { TextLink } from '../../ui/link.tsx'
import { PageTitle } from '../../ui/page-frame.tsx'
import { keyPlaceholder, keySnippet } from '../../ui/snippets.ts'
import { Snippet } from '../../ui/snippet.tsx'
import { ErrorsTable } from './errors-table.tsx'
import { Code, Named, Part, Words } from './parts.tsx'
import { readDocs } from './read.server.ts'
import { UsageApi } from './usage-api.tsx'
import { endpointWords, headerWords, moneyWords } from './words.ts'

export const meta = titled(
  'Documentation',
  'How to call this relay: endpoints, errors, headers, limits, streams, and its usage.',
)

/** `GET /docs`: how the API is used, with this relay's own address. */
export const loader = page(({ services }) => Promise.resolve(readDocs(services)))

const parts = {
  start: 'Make a call',
  endpoints: 'Endpoints',
  money: 'What a call costs',
  errors: 'Errors',
  headers: 'Headers',
  streams: 'Streams',
  limits: 'Limits',
  usage: 'Ask what was used',
}

const Contents = () => (
  <nav aria-label="On this page">
    <ul className="flex flex-wrap gap-x-5 text-sm">
      {Object.entries(parts).map(([id, title]) => (
        <li key={id}>
          <a
            href={`#${id}`}
            className="flex min-h-8 items-center font-medium text-accent underline decoration-accent/40 underline-offset-3 hover:decoration-accent"
          >
            {title}
          </a>
        </li>
      ))}
    </ul>
  </nav>
)

type Page = ReturnType<typeof readDocs>

const Start = ({ address, snippets }: Page) => (
  <Part id="start" title={parts.start}>
    <Words>
      Take whatever speaks to OpenAI or Anthropic and change two things: the key, and the base URL,
      which is <Code>{`${address}/v1`}</Code> for programs of OpenAI’s and <Code>{address}</Code>{' '}
      for those of Anthropic’s. The key goes into <Code>Authorization: Bearer</Code> or{' '}
      <Code>x-api-key</Code>. <TextLink to={modelsPath}>Models and prices</TextLink>
    </Words>
    <Snippet title="Your key" text={keySnippet(keyPlaceholder)} />
    {snippets.map(({ name, title, text }) => (
      <Snippet key={name} title={title} text={text} />
    ))}
  </Part>
)

const Money = () => (
  <Part id="money" title={parts.money}>
    <Words>
      Before a call goes out, the most that it can cost is held. When it ends, what it used is
      charged and the rest is released; it never costs more than its hold. A failed call is free. A
      call that names no limit on its output is given one where the money does not cover the longest
      answer, and <Code>x-relay-max-tokens</Code> says which.
    </Words>
    <Words>
      What does not fit is a 402, with what a program needs to ask for less. Its <Code>error</Code>{' '}
      has these members beside the usual ones:
    </Words>
    <Named label="Members of a 402" head="Member" of={moneyWords} />
  </Part>
)

const Errors = ({ errors }: Pick<Page, 'errors'>) => (
  <Part id="errors" title={parts.errors}>
    <Words>
      An error is <Code>{'{"error": {"message", "type", "param", "code"}}'}</Code>; at{' '}
      <Code>/v1/messages</Code>, and for who sends <Code>anthropic-version</Code>,{' '}
      <Code>{'{"type": "error", "error": {"type", "message"}, "request_id"}'}</Code> with
      Anthropic’s types. What the provider says of a bad request passes as it is. No status that
      SDKs try again costs anything.
    </Words>
    <ErrorsTable errors={errors} />
  </Part>
)

const Streams = ({ limits }: Pick<Page, 'limits'>) => (
  <Part id="streams" title={parts.streams}>
    <Words>
      {`Events pass as the provider writes them. In a silence of ${limits.pingSeconds} seconds a comment, or at /v1/messages a ping, says that the call lives. The last event comes when the call is charged: whoever has read it to the end finds its receipt.`}
    </Words>
    <Words>
      {`A provider that breaks off is one error event and no [DONE]; only what it has reported is charged. Whoever leaves pays for the input and what was delivered; where the model had not begun or was reasoning, the answer is read on for ${limits.readOnSeconds} seconds, and what the provider reports is charged.`}
    </Words>
  </Part>
)

const Limits = ({ limits, bodies }: Pick<Page, 'limits' | 'bodies'>) => (
  <Part id="limits" title={parts.limits}>
    <Words>
      {`Who runs this relay may limit requests and tokens a minute and calls at once; GET /v1/key says which hold, and a 429 when to come again. A call takes ${limits.totalMinutes} minutes at the most. A kept response can be read for ${limits.storedDays} days, and the smallest max_output_tokens of one is ${limits.outputTokensLeast}.`}
    </Words>
    <Named
      label="Largest bodies"
      head="Endpoint"
      of={Object.fromEntries(bodies.map(({ path, MiB }) => [path, `A body of ${MiB} MiB.`]))}
    />
  </Part>
)

export default function Docs() {
  const docs = useLoaderData<typeof loader>()
  return (
    <>
      <PageTitle>Documentation</PageTitle>
      <Contents />
      <Start {...docs} />
      <Part id="endpoints" title={parts.endpoints}>
        <Named
          label="Endpoints"
          head="Path"
          of={Object.fromEntries(docs.paths.map((path) => [path, endpointWords[path] ?? '']))}
        />
      </Part>
      <Money />
      <Errors {...docs} />
      <Part id="headers" title={parts.headers}>
        <Words>Of an answer; a page of another site may read all of them.</Words>
        <Named label="Headers" head="Header" of={headerWords} />
      </Part>
      <Streams {...docs} />
      <Limits {...docs} />
      <Part id="usage" title={parts.usage}>
        <UsageApi address={docs.address} />
      </Part>
    </>
  )
}
