import type { IncomingMessage } from 'node:http'

// Any other model is answered too; these are the ones a relay finds when it asks.
const openaiModels = [
  'gpt-5',
  'gpt-5-mini',
  'gpt-5-nano',
  'gpt-4.1',
  'gpt-4.1-mini',
  'gpt-4o',
  'gpt-4o-mini',
]
const anthropicModels = {
  'claude-opus-4-5': 'Claude Opus 4.5',
  'claude-sonnet-4-5': 'Claude Sonnet 4.5',
  'claude-haiku-4-5': 'Claude Haiku 4.5',
}
const made = 1_735_689_600

/** The list of models, in the form that the caller's headers ask for. */
export function modelsFor({ headers, url = '' }: IncomingMessage): unknown {
  if (headers['anthropic-version'] === undefined) {
    const data = openaiModels.map((id) => ({
      id,
      object: 'model',
      created: made,
      owned_by: 'system',
    }))
    return { object: 'list', data }
  }
  const limit = Number(new URL(url, 'http://demo').searchParams.get('limit') ?? 20)
  const all = Object.entries(anthropicModels).map(([id, display_name]) => ({
    type: 'model',
    id,
    display_name,
    created_at: new Date(made * 1000).toISOString(),
  }))
  const data = all.slice(0, limit)
  const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null]
  return { data, has_more: data.length < all.length, first_id, last_id }
}
