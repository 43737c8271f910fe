import type { Log } from './log.ts'

/**
 * Makes what would write to the console by itself, packages and Node's own warnings, speak through
 * the log: each is one line that a program can read, without a message, which may quote anything,
 * and without a page of stack.
 */
export function speakThroughLog(log: Log) {
  Object.assign(console, {
    error: (what: unknown) => log.failed('console_error', what),
    warn: (what: unknown) => log.failed('console_warning', what),
  })
  process
    .removeAllListeners('warning')
    .on('warning', ({ name, code }: Error & { code?: string }) =>
      log.warn('node_warning', { name, code }),
    )
}

/** The same for what nobody caught, with which the process ends. A thread's end, its maker notes. */
export function endInOneLine(log: Log) {
  process.on('uncaughtException', (error) => {
    log.failed('uncaught', error)
    log.flush()
    process.exit(1)
  })
}
