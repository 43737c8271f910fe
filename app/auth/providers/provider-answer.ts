import type { z } from 'zod'
import { limits } from '../../config/limits.ts'
import { AnswerTooLong, bounded } from '../../http/http.server.ts'

/** What a provider can get wrong; the names are those of the failure pages. */
export type ProviderFault = 'provider-down' | 'provider-answer' | 'code-refused' | 'misconfigured'

/** A provider did not do its part. `reason` is its own error code, as far as it is one. */
export class ProviderTrouble extends Error {
  override name = 'ProviderTrouble'
  constructor(
    readonly fault: ProviderFault,
    readonly reason?: string,
    options?: ErrorOptions,
  ) {
    super(fault, options)
  }
}

/** Reads JSON from a provider, or throws a ProviderTrouble: it is away, or speaks something else. */
export async function readJson(url: string, init: RequestInit): Promise<unknown> {
  let text: string
  let status: number
  try {
    // A redirect would carry our secret or a person's token to wherever it points.
    const response = await fetch(url, { ...init, redirect: 'error' })
    status = response.status
    text = await bounded(response, limits.auth.answerBytesMax).text()
  } catch (cause) {
    if (cause instanceof AnswerTooLong) throw new ProviderTrouble('provider-answer', 'too_long')
    throw new ProviderTrouble('provider-down', undefined, { cause })
  }
  if (status >= 500) throw new ProviderTrouble('provider-down', `http_${status}`)
  try {
    const answer: unknown = JSON.parse(text)
    const refused = troubleOfCode((answer as { error?: unknown } | null)?.error)
    if (refused) throw refused
    if (status === 200) return answer
  } catch (cause) {
    if (cause instanceof ProviderTrouble) throw cause
    throw new ProviderTrouble('provider-answer', `http_${status}`, { cause })
  }
  throw new ProviderTrouble('provider-answer', `http_${status}`)
}

const codes: Record<string, ProviderFault> = {
  bad_verification_code: 'code-refused',
  invalid_grant: 'code-refused',
  incorrect_client_credentials: 'misconfigured',
  invalid_client: 'misconfigured',
  unauthorized_client: 'misconfigured',
  redirect_uri_mismatch: 'misconfigured',
  application_suspended: 'misconfigured',
  invalid_scope: 'misconfigured',
  server_error: 'provider-down',
  temporarily_unavailable: 'provider-down',
}

/** An OAuth error code as a trouble; undefined where there is no code. */
export function troubleOfCode(code: unknown): ProviderTrouble | undefined {
  if (typeof code !== 'string' || !/^[a-z_]{1,40}$/.test(code)) return undefined
  return new ProviderTrouble(codes[code] ?? 'provider-answer', code)
}

/** The answer in the form it must have; a ProviderTrouble where it has another. */
export function shaped<T>(schema: z.ZodType<T>, answer: unknown): T {
  const parsed = schema.safeParse(answer)
  if (parsed.success) return parsed.data
  throw new ProviderTrouble('provider-answer', 'shape')
}
