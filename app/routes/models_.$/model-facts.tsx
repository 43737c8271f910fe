import type { ModelKind } from '../../values/model-kinds.ts'
import { Facts, Id, type Fact } from '../../ui/facts.tsx'
import { TextLink } from '../../ui/link.tsx'
import { formatCount } from '../../ui/format/numbers.tsx'

const kindWords = {
  chat: 'Chat',
  completion: 'Completions of a text',
  embedding: 'Embeddings',
  moderation: 'Moderation',
} satisfies Record<ModelKind, string>

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
  if (!isForAccount) return <>None: your account may not call this model.</>
  if (keys.all === 0) return <>You have no key that works.</>
  if (keys.able.length === 0) return <>None of your keys: their lists of models lack it.</>
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

/** What a model is called, can do and takes. */
export const ModelFacts = ({ model, keyPath }: ModelFactsProps) => {
  const facts: (Fact | false)[] = [
    { name: 'Made by', value: model.ownedBy },
    { name: 'For', value: kindWords[model.kind] },
    { name: 'Context', value: `${formatCount(model.contextTokens)} tokens` },
    model.outputTokensMax > 0 && {
      name: 'Largest output',
      value: `${formatCount(model.outputTokensMax)} tokens`,
    },
    model.kind === 'chat' && { name: 'Pictures', value: model.vision ? 'It reads them' : 'No' },
    model.kind === 'chat' && {
      name: 'Reasoning',
      value: model.reasoning ? 'It thinks before it answers' : 'No',
    },
    {
      name: 'Called at',
      value: (
        <ul>
          {model.endpoints.map((path) => (
            <li key={path}>
              <Id text={path} />
            </li>
          ))}
        </ul>
      ),
    },
    model.aliases.length > 0 && {
      name: 'Other names',
      value: (
        <ul>
          {model.aliases.map((alias) => (
            <li key={alias}>
              <Id text={alias} />
            </li>
          ))}
        </ul>
      ),
    },
    model.isSignedIn && {
      name: 'Works with these keys',
      value: <Keys model={model} keyPath={keyPath} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}
