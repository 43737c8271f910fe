import type { MessageDescriptor } from '@lingui/core'
import { msg } from '../../values/language/msg.ts'

/**
 * What the documentation says of things that the code has lists of: by their names there, so that a
 * test sees what was added and not said.
 */

export const endpointWords: Record<string, MessageDescriptor> = {
  'POST /v1/chat/completions': msg`Chat, as OpenAI has it; plain and streamed.`,
  'POST /v1/responses': msg`Responses, as OpenAI has it; plain and streamed, kept or not.`,
  'POST /v1/responses/compact': msg`Makes a long response shorter, for agents.`,
  'POST /v1/responses/input_tokens': msg`Counts the input of a response. Free.`,
  'POST /v1/completions': msg`Completions of a text, as OpenAI had them first.`,
  'POST /v1/messages': msg`Messages, as Anthropic has it; plain and streamed.`,
  'POST /v1/messages/count_tokens': msg`Counts the input of a message. Free.`,
  'POST /v1/embeddings': msg`Embeddings of texts, as OpenAI has it.`,
  'POST /v1/moderations': msg`Whether a text is harmful, as OpenAI has it. Free.`,
  'GET /v1/models': msg`The models that this key may call, in the shape of OpenAI or Anthropic.`,
  'GET /v1/models/{id}': msg`One of them.`,
  'GET or DELETE /v1/responses/{id}': msg`A response that was kept; takes it away.`,
  'GET /v1/responses/{id}/input_items': msg`What that response was given.`,
  'POST /v1/responses/{id}/cancel': msg`Refused: no response runs in the background here.`,
  'GET /v1/key': msg`The key that asks: its budgets, its limits and what is left.`,
  'GET /v1/credits': msg`The money of its account.`,
  'GET /v1/usage': msg`What calls came to, by day and by model.`,
  'GET /v1/calls/{id}': msg`The receipt of one call.`,
  'GET /v1/dashboard/billing/subscription': msg`The balance as some chat clients ask for it.`,
  'GET /v1/dashboard/billing/usage': msg`What was used, as the same clients ask for it.`,
  'GET /v1/dashboard/billing/credit_grants': msg`The credit, as the same clients ask for it.`,
}

/** As Anthropic writes what is left of limits, of each thing that is counted. */
const anthropicWords = {
  limit: msg`How many there may be in a minute, at /v1/messages.`,
  remaining: msg`How many of them are left now, at /v1/messages.`,
  reset: msg`When all of them are there again, at /v1/messages.`,
}
const anthropicCounted = ['requests', 'tokens', 'input-tokens', 'output-tokens']

export const headerWords: Record<string, MessageDescriptor> = {
  'x-request-id': msg`The id of the call: its receipt is found by it.`,
  'request-id': msg`The same, at /v1/messages.`,
  'x-relay-cost-usd': msg`What the call has cost, on an answer in one piece.`,
  'x-relay-max-tokens': msg`The limit on output that the call was given, where it named none.`,
  'retry-after': msg`In how many seconds to try again.`,
  'retry-after-ms': msg`The same in milliseconds.`,
  'x-should-retry': msg`false where to try again would be answered the same.`,
  'openai-processing-ms': msg`How long the provider took, where it says so.`,
  'x-ratelimit-limit-requests': msg`How many requests a minute there may be.`,
  'x-ratelimit-remaining-requests': msg`How many of them are left now.`,
  'x-ratelimit-reset-requests': msg`In how long all of them are there again, as 1m30s.`,
  'x-ratelimit-limit-tokens': msg`How many tokens a minute there may be.`,
  'x-ratelimit-remaining-tokens': msg`How many of them are left now.`,
  'x-ratelimit-reset-tokens': msg`In how long all of them are there again.`,
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
export const moneyWords: Record<string, MessageDescriptor> = {
  needed_usd: msg`The most that the call can cost.`,
  available_usd: msg`What the account has available.`,
  held_usd: msg`What calls under way hold of it.`,
  max_tokens_affordable: msg`The largest limit on output with which the call fits; 0 if none does.`,
  top_up_url: msg`Where credit is had, if anywhere.`,
  budget_usd: msg`Of a key’s budget: how much it is.`,
  spent_usd: msg`Of a key’s budget: what is spent of it.`,
  left_usd: msg`Of a key’s budget: what is left of it.`,
  budget_period: msg`How often the budget begins anew: day, week or month.`,
  budget_renews_at: msg`When it does; null before its first call.`,
  budget_of: msg`member where it is the cap of the person whose key it is.`,
}

type Question = {
  path: string
  about: MessageDescriptor
  query?: Record<string, MessageDescriptor>
} & {
  fields: Record<string, MessageDescriptor | string>
}

export const questions: Question[] = [
  {
    path: '/v1/key',
    about: msg`The key that asks. It may always ask, whatever budget it has.`,
    fields: {
      object: 'key',
      id: msg`Its number.`,
      name: msg`What it is called.`,
      key: msg`Its two ends.`,
      status: msg`active, spent, disabled, expired or revoked.`,
      created_at: msg`When it was made.`,
      last_used_at: msg`When it last made a call; null before the first.`,
      expires_at: msg`When it ends; null for never.`,
      models: msg`The only models that it may call; null for all.`,
      addresses: msg`The only networks that it may be used from; null for all.`,
      spent_usd: msg`What all its calls cost.`,
      held_usd: msg`What its calls under way hold.`,
      left_usd: msg`What the tightest of its budgets has left; null without one.`,
      budgets: msg`Each budget: whose it is, its period, when it begins anew, and its money.`,
      limits: msg`Requests and tokens a minute, and calls at once; null where there is no limit.`,
    },
  },
  {
    path: '/v1/credits',
    about: msg`The account’s money at one moment. 403 for a key that has a budget of its own, or whose person may not see money.`,
    fields: {
      object: 'credits',
      currency: 'USD',
      status: msg`active or suspended.`,
      available_usd: msg`What new calls can hold: balance and plan, less what is held.`,
      balance_usd: msg`The balance, with what is held of it.`,
      plan: msg`What is left of the plan’s credit, and when it renews; null without one.`,
      held_usd: msg`What calls under way hold.`,
      open_calls: msg`How many calls are under way.`,
      top_up_url: msg`Where credit is had; null if nowhere.`,
    },
  },
  {
    path: '/v1/usage',
    about: msg`What calls came to. A key with a budget of its own sees itself alone, and the key of a member what that member’s keys did.`,
    query: {
      from: msg`The first day; thirty days are shown unless said.`,
      to: msg`The last day; today unless said. At most 366 days in all.`,
      time_zone: msg`By whose midnights days begin, such as Asia/Shanghai; UTC unless said.`,
      model: msg`Calls of this model alone.`,
      key: msg`Calls of the key of this number alone.`,
      status: msg`A status such as 404, or a class such as 4xx.`,
      outcome: msg`completed, refused, failed, disconnected, revoked, lost or late.`,
    },
    fields: {
      object: 'usage',
      from: msg`The first day.`,
      to: msg`The last day.`,
      time_zone: msg`By whose midnights days begin.`,
      total: msg`Calls, tokens by class, and cost of the whole range.`,
      days: msg`The same of each day, those without calls too.`,
      models: msg`Calls, tokens and cost by model, the dearest first.`,
    },
  },
  {
    path: '/v1/calls/{id}',
    about: msg`The receipt of a call that has ended, by its x-request-id. 404 where there is none that this key may see.`,
    fields: {
      object: 'call',
      id: msg`Its id.`,
      began_at: msg`When it began.`,
      ended_at: msg`When it ended.`,
      key: msg`The key that made it: number and name.`,
      model: msg`The model that it is booked under.`,
      answered_by: msg`The model that answered, where it was another.`,
      service_tier: msg`The service tier that it was charged at.`,
      status: msg`The status that was answered.`,
      error_code: msg`What went wrong; null where nothing did.`,
      outcome: msg`How it ended.`,
      streamed: msg`Whether it was answered as a stream.`,
      first_byte_ms: msg`How long the first byte took.`,
      total_ms: msg`How long all of it took.`,
      upstream: msg`Who answered it.`,
      upstream_request_id: msg`Their id for it.`,
      attempts: msg`How many attempts it took.`,
      tries: msg`Each of them, where there was more than one.`,
      usage: msg`Tokens by class, and who counted them.`,
      price: msg`Each unit with its count and price; their sum, and the factors on it.`,
      cost_usd: msg`That sum times the account’s factor, rounded up once to a nano-dollar.`,
      held_usd: msg`What was held before it began.`,
      charged_usd: msg`What was charged.`,
      charged_to_plan_usd: msg`Of that, from the plan.`,
      charged_to_balance_usd: msg`Of that, from the balance.`,
      released_usd: msg`What was held and not charged.`,
      beyond_the_hold_usd: msg`What it cost beyond its hold, which nobody is charged for.`,
      needed_usd: msg`Where it was refused for money: the most that it could have cost. Else null.`,
      left_usd: msg`And what there was for it, of the budget or the account; below zero after a refund. Null for who may not see it.`,
      ledger_entries: msg`Its entry in the ledger, for who may see money.`,
    },
  },
]
