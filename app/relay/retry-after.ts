import { limits } from '../config/limits.ts'
import { clockMs } from '../values/clock.ts'

type Headers = Record<string, string | string[] | undefined>

const second = 1_000
/** Numbers as headers write them; a limit's own `inf` or a text is none. */
const numberIn = (value: string) => (/^\d{1,12}(\.\d*)?$/.test(value) ? Number(value) : undefined)
/** All three forms of a date in HTTP begin with the day (RFC 9110, 5.6.7); asctime's names no zone. */
const dateIn = (value: string) =>
  /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(value)
    ? Date.parse(/GMT|UTC|[+-]\d{4}$/i.test(value) ? value : `${value} GMT`)
    : NaN

const valuesOf = (headers: Headers, name: string) =>
  [headers[name] ?? []].flat().map((value) => value.trim())

/** How far off a date is, by the clock of whoever says it. */
function untilDate(value: string, headers: Headers): number {
  const [said = ''] = valuesOf(headers, 'date')
  const now = dateIn(said)
  return dateIn(value) - (Number.isNaN(now) ? clockMs() : now)
}

const msNames = ['retry-after-ms', 'x-ms-retry-after-ms'] as const
/** Google's `RetryInfo`, in the body of an error that has no header for it. */
const delayInBody = /"retryDelay"\s*:\s*"(\d{1,6}(?:\.\d{1,9})?)s"/

/**
 * For how long an upstream wants to be left alone, where it says so: the longest that it says, in
 * `retry-after` (seconds, or a date), in milliseconds or in the body of its error, but no longer
 * than a passing trouble takes.
 */
export function retryAfterMsOf(headers: Headers, body = ''): number | undefined {
  const [, delay] = delayInBody.exec(body) ?? []
  const ms = [
    ...valuesOf(headers, 'retry-after').map(
      (value) => (numberIn(value) ?? NaN) * second || untilDate(value, headers),
    ),
    ...msNames.flatMap((name) => valuesOf(headers, name)).map((value) => numberIn(value) ?? NaN),
    Number(delay) * second,
  ].filter((it) => it > 0)
  if (ms.length === 0) return undefined
  return Math.min(Math.ceil(Math.max(...ms)), limits.upstream.retryAfterSecondsMax * second)
}
