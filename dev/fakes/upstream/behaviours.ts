/**
 * Everything the demo upstream can be told to do, in one table. `[[name]]` or `[[name:arg]]` in the
 * last user message asks for it, and so does a model called `demo-name`, `demo-name:arg` or
 * `anything+name:arg+name`. Several combine. An event is one `data:` line; the role chunk is the
 * first and `[DONE]` the last,
 * where an endpoint has these. On a plain call, a cut after any but 0 events is halfway through.
 */
export const behaviours = {
  slow: 'Waits arg ms (2000) before the headers.',
  'slow-first': 'Sends the headers at once, then waits arg ms (2000) before the first event.',
  stall: 'Hangs for ever after arg events (3), with the socket open.',
  pause: 'Waits once for arg ms (1000) halfway through the events.',
  reset: 'Resets the connection after arg events (3); 0 is before the headers.',
  'end-early': 'Ends cleanly after arg events (3), without usage and without [DONE].',
  'no-done': 'Sends everything including usage, and leaves out [DONE].',
  status:
    'Answers with the HTTP status arg (500); naming the operator unless the client is to blame.',
  quota: 'Answers 429 insufficient_quota, naming the operator and their balance.',
  html: 'Answers 200 with a text/html page.',
  'html-500': 'Answers 500 with a text/html page.',
  'json-error': 'Answers 200 with a JSON body that holds only an error.',
  'half-json': 'Cuts the JSON (after arg events (3) when streamed), then ends cleanly.',
  'no-usage': 'Never mentions usage, even when asked.',
  'absurd-usage':
    'Usage that cannot be: negative, nan, huge, float, string, null, cached-over or overrun.',
  'zero-usage': 'Usage with every count an explicit zero.',
  'usage-twice': 'A usage chunk with half the counts comes mid-stream, the true one at the end.',
  'usage-each': 'Every chunk carries the usage so far, whether asked or not.',
  crlf: 'Lines end in CRLF.',
  split: 'Writes the body byte by byte; with arg, as two writes cut at that byte offset.',
  big: 'One more event, whose content is arg bytes (1047552); max tokens do not apply to it.',
  endless: 'Streams events until the client leaves; max tokens do not apply.',
  gzip: 'Compresses the body although nobody asked for it.',
  'error-event': 'After arg events (3) comes an error event naming the operator, then the end.',
  tool: 'Answers with a call of the first tool, when the request has tools.',
  reasoning: 'Spends arg tokens (64) on reasoning, out of the max tokens.',
  cached: 'Reports arg prompt tokens (64) as cached, at most the whole prompt.',
  'cache-write': 'Reports arg prompt tokens (64) as written to the cache, at most the uncached.',
  repeat: 'The answer is arg tokens long (50), unless max tokens cut it.',
  unicode: 'The answer is of emoji and Chinese, where several tokens share a character.',
  comment: 'A comment line comes after each event.',
  bom: 'A byte order mark comes first.',
  'multi-line': 'Every JSON event is spread over two data lines.',
  redirect: 'Answers 302 to /v1/models.',
  'end-at-byte': 'Ends cleanly after arg bytes (0) of the body, wherever that is.',
  'reset-at-byte': 'Resets the connection after arg bytes (0) of the body.',
  'blames-client': 'The error event says that the request was wrong, and names no operator.',
  'ping-flood': 'After the first event come arg pings (1000), in the form of the endpoint.',
  failed:
    'Responses: after arg events (all but the last) comes response.failed, with usage if anything was said.',
  incomplete: 'Responses end incomplete, for arg (content_filter); messages as a refusal.',
  'cache-write-1h': 'Messages: reports arg prompt tokens (64) as written to stay for an hour.',
  search: 'Searches the web arg times (1), as often as the request lets it; it has to offer it.',
  'no-tool-usage': 'Responses: does not say how often the web was searched.',
  'usage-nulls':
    'Messages: the last usage has null for all of the input. Others: null in all parts.',
  'usage-late': 'Usage is all zeros first, and true at the end.',
  'usage-falling': 'Usage is twice the truth first, and true at the end.',
  compaction: 'Messages: arg tokens (100) of a talk were compacted to a tenth, beside the usage.',
  'wrong-type': 'A stream comes back as one plain JSON completion, a plain call as text/plain.',
  'echo-headers': 'The answer is the request headers, as JSON.',
  'echo-body': 'The answer is the request body without its messages, as JSON.',
} as const satisfies Record<string, string>

export type Behaviour = keyof typeof behaviours
