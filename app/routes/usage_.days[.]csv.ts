import { usageFile } from '../pages/pages.server.ts'
import { streamDaysCsv } from '../usage/usage.server.ts'

/** `GET /usage/days.csv`: what they come to by day, the oldest first, in RFC 4180. */
export const loader = usageFile({
  type: 'text/csv; charset=utf-8; header=present',
  begins: 'usage-by-day-',
  ends: '.csv',
  pieces: streamDaysCsv,
})
