import { failureFields, isOutage, kindOf, stackFields } from './failure.ts'
import { Counts } from './counts.ts'
import type { Fields } from './fields.ts'
import { Repeats, systemClock, type Clock } from './repeats.ts'
export { failureFields } from './failure.ts'

/** The same, and where it came from: functions, files and lines, which hold no values. */
const placedFailure = (error: unknown): Fields => ({
  ...failureFields(error),
  ...stackFields(error),
})

type Level = 'debug' | 'info' | 'warn' | 'error'
/** One JSON line an event. */
export type Log = Record<Level, (event: string, fields?: Fields) => void> & {
  /**
   * Notes a failure that goes no further: what kind, with what code, from where; never its message.
   * An outage is a warning, anything else a mistake of ours. At most one line a second for each
   * event and kind: the next says in `repeated` how many it stands for beside itself.
   */
  failed(event: string, error: unknown, fields?: Fields): void
  /** Counts one more of this kind; a line a minute says at `info` how many there were of each. */
  counted(event: string, kind: string): void
  /** Writes the counts that still wait, before the process ends. */
  flush(): void
}

/** A count of a minute keeps no process alive: whoever ends it flushes. */
const idleClock = {
  after(ms: number, work: () => void) {
    const timer = setTimeout(work, ms).unref()
    return () => clearTimeout(timer)
  },
}

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 }

export function createLog(
  level: keyof typeof ranks,
  write = (line: string) => void process.stderr.write(line),
  clock: Clock = systemClock,
  /** Who speaks, where several do. */
  speaker: Fields = {},
): Log {
  const at =
    (name: Level) =>
    (event: string, fields: Fields = {}) => {
      if (ranks[name] < ranks[level]) return
      const line = { at: new Date().toISOString(), level: name, event, ...speaker, ...fields }
      write(`${JSON.stringify(line)}\n`)
    }
  const log = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const repeats = new Repeats(clock)
  const counts = new Counts(log.info, clock === systemClock ? idleClock : clock)
  return {
    ...log,
    failed(event, error, fields) {
      const name = isOutage(error) ? 'warn' : 'error'
      if (ranks[name] < ranks[level]) return
      const said = failureFields(error)
      repeats.note(kindOf(event, said), (repeated) => {
        const more = repeated ? { repeated } : {}
        log[name](event, { ...fields, ...placedFailure(error), ...more })
      })
    },
    counted(event, kind) {
      if (ranks.info >= ranks[level]) counts.note(event, kind)
    },
    flush() {
      repeats.flush()
      counts.flush()
    },
  }
}
