import { JsonObject, readJson, type Json } from './json-text.ts'
import { textOf, tokensOf } from './listed.ts'

/** A model as an upstream lists it, with what it says of its limits, if anything. */
export type TheirModel = {
  name: string
  contextTokens: number | null
  outputTokensMax: number | null
}

/** By what names providers tell a context: OpenRouter, Groq, vLLM, Mistral, Anthropic. */
const contextNames = [
  'context_length',
  'context_window',
  'max_model_len',
  'max_context_length',
  'max_input_tokens',
]
const outputNames = ['max_completion_tokens', 'max_output_tokens', 'max_tokens']

const firstOf = ({ members }: JsonObject, names: string[]): number | null => {
  const known = names.map((name) => tokensOf(members.get(name)))
  return known.find((tokens) => tokens !== null) ?? null
}

function modelOf(json: Json): TheirModel | undefined {
  if (!(json instanceof JsonObject)) return undefined
  const id = textOf(json.members.get('id'))
  if (!id) return undefined
  const top = json.members.get('top_provider')
  return {
    // Google lists names with the folder that they are in, and takes them without it.
    name: id.replace(/^models\//, ''),
    contextTokens: firstOf(json, contextNames),
    outputTokensMax:
      firstOf(json, outputNames) ?? (top instanceof JsonObject ? firstOf(top, outputNames) : null),
  }
}

/** Reads what an upstream answers at /models; undefined where that is no list of models. */
export function readTheirList(text: string): TheirModel[] | undefined {
  let json
  try {
    json = readJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
  const list = json instanceof JsonObject ? json.members.get('data') : json
  if (!Array.isArray(list)) return undefined
  const models = list.flatMap((each) => modelOf(each) ?? [])
  return [...new Map(models.map((model) => [model.name, model])).values()]
}
