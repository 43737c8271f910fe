import { usageFile } from '../pages/pages.server.ts'
import { streamJsonLines } from '../usage/usage.server.ts'

/** `GET /usage.jsonl`: the same calls, an object of JSON a line. */
export const loader = usageFile({
  type: 'application/x-ndjson; charset=utf-8',
  begins: 'usage-',
  ends: '.jsonl',
  pieces: streamJsonLines,
})
