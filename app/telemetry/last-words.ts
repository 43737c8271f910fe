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

const driverOfRedis = /[\\/]node_modules[\\/](?:ioredis|redis-parser|standard-as-callback)[\\/]/

/** Thrown by the driver of Redis itself, at an answer that no Redis gives. */
function isOfRedis({ stack = '' }: Error): boolean {
  const [thrownAt = ''] = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return driverOfRedis.test(thrownAt)
}

/**
 * The same for what nobody caught, with which the process ends; a thread's end, its maker notes.
 * Nothing rests on Redis, so that nobody who is in the way to it may end a process: its commands
 * run out of time, and its connections are looked after (docs/decisions/0047).
 */
export function endInOneLine(log: Log) {
  process.on('uncaughtException', (error) => {
    if (isOfRedis(error)) return log.failed('redis_answers_wrongly', error)
    log.failed('uncaught', error)
    log.flush()
    process.exit(1)
  })
}
