/**
 * What the documentation says of things that the code has lists of: by their names there, so that a
 * test sees what was added and not said.
 */

export const endpointWords: Record<string, string> = {
  'POST /v1/chat/completions': 'Chat, as OpenAI has it; plain and streamed.',
  'POST /v1/responses': 'Responses, as OpenAI has it; plain and streamed, kept or not.',
  'POST /v1/responses/compact': 'Makes a long response shorter, for agents.',
  'POST /v1/responses/input_tokens': 'Counts the input of a response. Free.',
  'POST /v1/completions': 'Completions of a text, as OpenAI had them first.',
  'POST /v1/messages': 'Messages, as Anthropic has it; plain and streamed.',
  'POST /v1/messages/count_tokens': 'Counts the input of a message. Free.',
  'POST /v1/embeddings': 'Embeddings of texts, as OpenAI has it.',
  'POST /v1/moderations': 'Whether a text is harmful, as OpenAI has it. Free.',
  'GET /v1/models': 'The models that this key may call, in the shape of OpenAI or Anthropic.',
  'GET /v1/models/{id}': 'One of them.',
  'GET or DELETE /v1/responses/{id}': 'A response that was kept; takes it away.',
  'GET /v1/responses/{id}/input_items': 'What that response was given.',
  'POST /v1/responses/{id}/cancel': 'Refused: no response runs in the background here.',
  'GET /v1/key': 'The key that asks: its budgets, its limits and what is left.',
  'GET /v1/credits': 'The money of its account.',
  'GET /v1/usage': 'What calls came to, by day and by model.',
  'GET /v1/calls/{id}': 'The receipt of one call.',
  'GET /v1/dashboard/billing/subscription': 'The balance as some chat clients ask for it.',
  'GET /v1/dashboard/billing/usage': 'What was used, as the same clients ask for it.',
  'GET /v1/dashboard/billing/credit_grants': 'The credit, as the same clients ask for it.',
}

/** As Anthropic writes what is left of limits, of each thing that is counted. */
const anthropicWords = {
  limit: 'How many there may be in a minute, at /v1/messages.',
  remaining: 'How many of them are left now, at /v1/messages.',
  reset: 'When all of them are there again, at /v1/messages.',
}
const anthropicCounted = ['requests', 'tokens', 'input-tokens', 'output-tokens']

export const headerWords: Record<string, string> = {
  'x-request-id': 'The id of the call: its receipt is found by it.',
  'request-id': 'The same, at /v1/messages.',
  'x-relay-cost-usd': 'What the call has cost, on an answer in one piece.',
  'x-relay-max-tokens': 'The limit on output that the call was given, where it named none.',
  'retry-after': 'In how many seconds to try again.',
  'retry-after-ms': 'The same in milliseconds.',
  'x-should-retry': 'false where to try again would be answered the same.',
  'openai-processing-ms': 'How long the provider took, where it says so.',
  'x-ratelimit-limit-requests': 'How many requests a minute there may be.',
  'x-ratelimit-remaining-requests': 'How many of them are left now.',
  'x-ratelimit-reset-requests': 'In how long all of them are there again, as 1m30s.',
  'x-ratelimit-limit-tokens': 'How many tokens a minute there may be.',
  'x-ratelimit-remaining-tokens': 'How many of them are left now.',
  'x-ratelimit-reset-tokens': 'In how long all of them are there again.',
  ...Object.fromEntries(
    anthropicCounted.flatMap((of) =>
      Object.entries(anthropicWords).map(([what, words]) => [
        `anthropic-ratelimit-${of}-${what}`,
        words,
      ]),
    ),
  ),
}

/** Of the error of a 402, beside what all errors have. */
export const moneyWords: Record<string, string> = {
  needed_usd: 'The most that the call can cost.',
  available_usd: 'What the account has available.',
  held_usd: 'What calls under way hold of it.',
  max_tokens_affordable: 'The largest limit on output with which the call fits; 0 if none does.',
  top_up_url: 'Where credit is had, if anywhere.',
  budget_usd: 'Of a key’s budget: how much it is.',
  spent_usd: 'Of a key’s budget: what is spent of it.',
  left_usd: 'Of a key’s budget: what is left of it.',
  budget_period: 'How often the budget begins anew: day, week or month.',
  budget_renews_at: 'When it does; null before its first call.',
  budget_of: 'member where it is the cap of the person whose key it is.',
}

type Question = { path: string; about: string; query?: Record<string, string> } & {
  fields: Record<string, string>
}

export const questions: Question[] = [
  {
    path: '/v1/key',
    about: 'The key that asks. It may always ask, whatever budget it has.',
    fields: {
      object: 'key',
      id: 'Its number.',
      name: 'What it is called.',
      key: 'Its two ends.',
      status: 'active, spent, disabled, expired or revoked.',
      created_at: 'When it was made.',
      last_used_at: 'When it last made a call; null before the first.',
      expires_at: 'When it ends; null for never.',
      models: 'The only models that it may call; null for all.',
      addresses: 'The only networks that it may be used from; null for all.',
      spent_usd: 'What all its calls cost.',
      held_usd: 'What its calls under way hold.',
      left_usd: 'What the tightest of its budgets has left; null without one.',
      budgets: 'Each budget: whose it is, its period, when it begins anew, and its money.',
      limits: 'Requests and tokens a minute, and calls at once; null where there is no limit.',
    },
  },
  {
    path: '/v1/credits',
    about:
      'The account’s money at one moment. 403 for a key that has a budget of its own, or whose person may not see money.',
    fields: {
      object: 'credits',
      currency: 'USD',
      status: 'active or suspended.',
      available_usd: 'What new calls can hold: balance and plan, less what is held.',
      balance_usd: 'The balance, with what is held of it.',
      plan: 'What is left of the plan’s credit, and when it renews; null without one.',
      held_usd: 'What calls under way hold.',
      open_calls: 'How many calls are under way.',
      top_up_url: 'Where credit is had; null if nowhere.',
    },
  },
  {
    path: '/v1/usage',
    about:
      'What calls came to. A key with a budget of its own sees itself alone, and the key of a member what that member’s keys did.',
    query: {
      from: 'The first day; thirty days are shown unless said.',
      to: 'The last day; today unless said. At most 366 days in all.',
      time_zone: 'By whose midnights days begin, such as Asia/Shanghai; UTC unless said.',
      model: 'Calls of this model alone.',
      key: 'Calls of the key of this number alone.',
      status: 'A status such as 404, or a class such as 4xx.',
      outcome: 'completed, refused, failed, disconnected, revoked, lost or late.',
    },
    fields: {
      object: 'usage',
      from: 'The first day.',
      to: 'The last day.',
      time_zone: 'By whose midnights days begin.',
      total: 'Calls, tokens by class, and cost of the whole range.',
      days: 'The same of each day, those without calls too.',
      models: 'Calls, tokens and cost by model, the dearest first.',
    },
  },
  {
    path: '/v1/calls/{id}',
    about:
      'The receipt of a call that has ended, by its x-request-id. 404 where there is none that this key may see.',
    fields: {
      object: 'call',
      id: 'Its id.',
      began_at: 'When it began.',
      ended_at: 'When it ended.',
      key: 'The key that made it: number and name.',
      model: 'The model that it is booked under.',
      answered_by: 'The model that answered, where it was another.',
      service_tier: 'The service tier that it was charged at.',
      status: 'The status that was answered.',
      error_code: 'What went wrong; null where nothing did.',
      outcome: 'How it ended.',
      streamed: 'Whether it was answered as a stream.',
      first_byte_ms: 'How long the first byte took.',
      total_ms: 'How long all of it took.',
      upstream: 'Who answered it.',
      upstream_request_id: 'Their id for it.',
      attempts: 'How many attempts it took.',
      tries: 'Each of them, where there was more than one.',
      usage: 'Tokens by class, and who counted them.',
      price: 'Each unit with its count and price; their sum, and the factors on it.',
      cost_usd: 'That sum times the account’s factor, rounded up once to a nano-dollar.',
      held_usd: 'What was held before it began.',
      charged_usd: 'What was charged.',
      charged_to_plan_usd: 'Of that, from the plan.',
      charged_to_balance_usd: 'Of that, from the balance.',
      released_usd: 'What was held and not charged.',
      beyond_the_hold_usd: 'What it cost beyond its hold, which nobody is charged for.',
      needed_usd: 'Where it was refused for money: the most that it could have cost. Else null.',
      left_usd:
        'And what there was for it, of the budget or the account; below zero after a refund. Null for who may not see it.',
      ledger_entries: 'Its entry in the ledger, for who may see money.',
    },
  },
]
