import { elsewhere, sampling } from '../chat/members.ts'
import { Members, refuse, type Member } from '../openai/members.ts'

/** OpenAI's own (types of its package for Node, 6.49; API reference, "Create completion"). */
const openai: Record<string, Member> = {
  model: 'bounded',
  prompt: 'bounded',
  // The model reads it with each prompt.
  suffix: 'bounded',
  // They limit the answer, or multiply it.
  max_tokens: 'bounded',
  n: 'bounded',
  best_of: 'bounded',
  stream: 'bounded',
  stream_options: 'bounded',
  // It makes a plain answer longer than it can be.
  logprobs: 'bounded',
  // The prompt said back is no output, and where no figures come it would count for some.
  echo: refuse(false),
  temperature: 'free',
  top_p: 'free',
  frequency_penalty: 'free',
  presence_penalty: 'free',
  logit_bias: 'free',
  seed: 'free',
  stop: 'free',
  user: 'free',
}

/** Every member of a completion whose effect on its cost is known. */
export const knownMembers = new Members({ ...elsewhere, ...sampling, ...openai })
