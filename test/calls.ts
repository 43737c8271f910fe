import type { Sql } from './sql.ts'

/** A call as the books have it, money in nano-dollars, with what the ledger charged for it. */
export type CallRow = Record<'requestId' | 'model' | 'outcome' | 'source', string> &
  Record<'error' | 'flag' | 'otherModel' | 'tier' | 'upstreamId' | 'client', string | null> &
  Record<'status' | 'streamed' | 'input' | 'cached' | 'cacheWrite' | 'output', number> &
  Record<'reasoning' | 'hold' | 'cost' | 'plan' | 'balance' | 'overrun', number> &
  Record<'retry' | 'tokensMax' | 'charges' | 'charged' | 'waived', number>

/** The calls of which this condition is true, oldest first. */
export const readCalls = (sql: Sql, where = 'true', values: unknown[] = []): Promise<CallRow[]> =>
  sql(
    `select insert(insert(insert(insert(lower(hex(id)), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0,
                   '-') as requestId,
            model, outcome, usage_source as source, error_code as error, usage_flag as flag,
            service_tier as tier, upstream_request_id as upstreamId, client, status_code as status,
            streamed, input_tokens as input, cached_tokens as cached,
            cache_write_tokens as cacheWrite, output_tokens as output,
            reasoning_tokens as reasoning, hold_nanos as hold, cost_nanos as cost,
            plan_nanos as plan, balance_nanos as balance, overrun_nanos as overrun,
            waived_nanos as waived, other_model as otherModel, client_retry as retry,
            output_tokens_max as tokensMax,
            coalesce(entered.charges, 0) as charges, coalesce(entered.nanos, 0) as charged
       from calls left join (
              select call_id, count(*) as charges,
                     cast(-sum(plan_nanos + balance_nanos) as signed) as nanos
                from entries where kind = 'charge' group by call_id) entered on call_id = id
      where ${where} order by id`,
    values,
  )

/** All calls of an account, oldest first. */
export const callsOf = (sql: Sql, { accountId }: { accountId: number }): Promise<CallRow[]> =>
  readCalls(sql, 'calls.account_id = ?', [accountId])
