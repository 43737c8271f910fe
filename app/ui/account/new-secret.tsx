import { curlSnippet } from '../snippets.ts'
import { Notice } from '../notice.tsx'
import { Snippet } from '../snippet.tsx'

/** The one time a secret is shown, with a line that works as it stands. */
export const NewSecret = ({
  name,
  secret,
  address,
}: {
  name: string
  secret: string
  address: string
}) => (
  <Notice tone="good" title={`“${name}” is ready`} isAnswer>
    <p>
      Copy the key now. It is shown this once: only a fingerprint of it is kept, from which nobody
      can make it again.
    </p>
    <Snippet title="API key" text={secret} isWrapped />
    <Snippet title="Try it with curl" text={curlSnippet(address, secret)} />
  </Notice>
)
