import { Trans, useLingui } from '@lingui/react/macro'
import { Snippet } from '../../ui/snippet.tsx'
import { Code, Named, Words } from './parts.tsx'
import { questions } from './words.ts'

/** What a program asks of its own account, question by question. */
export function UsageApi({ address }: { address: string }) {
  const { t } = useLingui()
  return (
    <>
      <Words>
        <Trans>
          These are no calls: they cost nothing, have no row and no place in the limits on calls.
          One account’s questions are answered one after another. Money is text in US dollars with
          nine decimals, or as many more as it takes: read it as a decimal, not as a float.
        </Trans>
      </Words>
      {questions.map(({ path, about, query, fields }) => (
        <div key={path} className="grid min-w-0 gap-3">
          <h3 className="font-semibold">
            <Code>
              <Trans>GET {path}</Trans>
            </Code>
          </h3>
          <Words>{t(about)}</Words>
          <Snippet
            title={path}
            text={`curl ${address}${path.replace('{id}', '$REQUEST_ID')} -H "Authorization: Bearer $RELAY_KEY"`}
          />
          {query && <Named label={t`Parameters of ${path}`} head={t`Parameter`} of={query} />}
          <Named label={t`Fields of ${path}`} head={t`Field`} of={fields} />
        </div>
      ))}
    </>
  )
}
