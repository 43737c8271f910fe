import { Trans, useLingui } from '@lingui/react/macro'
import { Notice } from './notice.tsx'

/** Says that nobody real answers the calls. */
export const DemoNotice = () => {
  const { t } = useLingui()
  return (
    <Notice tone="warn" title={t`A built-in demo answers`}>
      <p>
        <Trans>
          Calls of models that no other upstream serves go to it. Its answers are made up on this
          machine, and nothing goes to a provider. Tokens, holds and costs are counted as for a real
          one. To use a real provider, whoever runs this relay adds it by{' '}
          <code>relay upstream add</code>, or sets <code>OPENAI_API_KEY</code> or{' '}
          <code>ANTHROPIC_API_KEY</code>.
        </Trans>
      </p>
    </Notice>
  )
}
