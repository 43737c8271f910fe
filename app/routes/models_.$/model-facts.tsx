import type { MessageDescriptor } from '@lingui/core'
import { Trans, useLingui } from '@lingui/react/macro'
import type { ModelKind } from '../../values/model-kinds.ts'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { Count } from '../../ui/format/numbers.tsx'
import { msg } from '../../values/language/msg.ts'

const kindWords = {
  chat: msg`Chat`,
  completion: msg`Completions of a text`,
  embedding: msg`Embeddings`,
  moderation: msg`Moderation`,
} satisfies Record<ModelKind, MessageDescriptor>

type ModelFactsProps = {
  model: {
    name: string
    kind: ModelKind
    ownedBy: string
    aliases: string[]
    contextTokens: number
    outputTokensMax: number
    reasoning: boolean
    vision: boolean
    endpoints: string[]
    isSignedIn: boolean
    isForAccount: boolean
    keys: { able: { id: number; name: string }[]; all: number }
  }
  keyPath: (id: number) => string
}

/** Which of somebody's keys may call the model. */
function Keys({ model: { isForAccount, keys }, keyPath }: ModelFactsProps) {
  if (!isForAccount) return <Trans>None: your account may not call this model.</Trans>
  if (keys.all === 0) return <Trans>You have no key that works.</Trans>
  if (keys.able.length === 0)
    return <Trans>None of your keys: their lists of models lack it.</Trans>
  return (
    <ul>
      {keys.able.map(({ id, name }) => (
        <li key={id}>
          <TextLink to={keyPath(id)}>{name}</TextLink>
        </li>
      ))}
    </ul>
  )
}

const Tokens = ({ of }: { of: number }) => (
  <Trans>
    <Count of={of} /> tokens
  </Trans>
)

/** Names of programs, one a line. */
const Ids = ({ of }: { of: string[] }) => (
  <ul>
    {of.map((text) => (
      <li key={text}>
        <Id text={text} />
      </li>
    ))}
  </ul>
)

/** What a model is called, can do and takes. */
export function ModelFacts({ model, keyPath }: ModelFactsProps) {
  const { t } = useLingui()
  const isChat = model.kind === 'chat'
  const no = t`No`
  const facts: (Fact | false)[] = [
    { name: t`Made by`, value: model.ownedBy },
    { name: t({ message: 'For', context: 'what it is for' }), value: t(kindWords[model.kind]) },
    { name: t`Context`, value: <Tokens of={model.contextTokens} /> },
    model.outputTokensMax > 0 && {
      name: t`Largest output`,
      value: <Tokens of={model.outputTokensMax} />,
    },
    isChat && { name: t`Pictures`, value: model.vision ? t`It reads them` : no },
    isChat && {
      name: t`Reasoning`,
      value: model.reasoning ? t`It thinks before it answers` : no,
    },
    { name: t`Called at`, value: <Ids of={model.endpoints} /> },
    model.aliases.length > 0 && { name: t`Other names`, value: <Ids of={model.aliases} /> },
    model.isSignedIn && {
      name: t`Works with these keys`,
      value: <Keys model={model} keyPath={keyPath} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
