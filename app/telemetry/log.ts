/**
 * One JSON line an event. Callers name fields one by one: nothing is logged whole, so that no
 * prompt, answer, key or secret can come along.
 */
export type Fields = Record<string, string | number | boolean | null | undefined>
export type Log = Record<
  'debug' | 'info' | 'warn' | 'error',
  (event: string, fields?: Fields) => void
>

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

export function createLog(
  level: keyof typeof ranks,
  write = (line: string) => void process.stderr.write(line),
): Log {
  const at =
    (name: 'debug' | 'info' | 'warn' | 'error') =>
    (event: string, fields: Fields = {}) => {
      if (ranks[name] < ranks[level]) return
      write(`${JSON.stringify({ at: new Date().toISOString(), level: name, event, ...fields })}\n`)
    }
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** What may be said of a failure: its kind and code. Its message may quote a statement's values. */
export function failureFields(error: unknown): Fields {
  const { name, code, errno, cause } = (error ?? {}) as {
    name?: string
    code?: string
    errno?: number
    cause?: unknown
  }
  const inner = cause ? failureFields(cause) : {}
  return { error: name ?? typeof error, code: code ?? inner.code, errno: errno ?? inner.errno }
}
