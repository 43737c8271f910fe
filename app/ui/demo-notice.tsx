import { Notice } from './notice.tsx'

/** Says that nobody real answers the calls. */
export const DemoNotice = () => (
  <Notice tone="warn" title="The upstream is the built-in demo">
    <p>
      Answers are made up on this machine, and nothing goes to a provider. Tokens, holds and costs
      are counted as for a real one. To use a real provider, whoever runs this relay sets{' '}
      <code>OPENAI_API_KEY</code>.
    </p>
  </Notice>
)
