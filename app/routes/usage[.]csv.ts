import { usageFile } from '../pages/pages.server.ts'
import { streamCsv } from '../usage/usage.server.ts'

/** `GET /usage.csv`: every call of the filter that the usage page has, newest first, in RFC 4180. */
export const loader = usageFile({
  type: 'text/csv; charset=utf-8; header=present',
  begins: 'usage-',
  ends: '.csv',
  pieces: streamCsv,
})
