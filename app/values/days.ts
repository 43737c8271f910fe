export const minuteMs = 60_000
export const dayMs = 86_400_000

const startOf = (day: string) => Date.parse(`${day}T00:00:00Z`)
export const dayOf = (ms: number) => new Date(ms).toISOString().slice(0, 10)
export const addDays = (day: string, days: number) => dayOf(startOf(day) + days * dayMs)
/** How many days there are from one day to another, both included. */
export const countDays = (from: string, to: string) => (startOf(to) - startOf(from)) / dayMs + 1

/** A day that there is, of this century, as ISO 8601 writes it. */
export const isDay = (text: string) =>
  /^20\d\d-\d\d-\d\d$/.test(text) && !Number.isNaN(startOf(text)) && dayOf(startOf(text)) === text

export const earliestDay = '2000-01-01'
export const latestDay = '2099-12-31'

/** As much of these days, of any century, as can have had calls; undefined where that is none. */
export function daysWithin(days: { from: string; to: string }) {
  const from = days.from < earliestDay ? earliestDay : days.from
  const to = days.to > latestDay ? latestDay : days.to
  return from > to ? undefined : { from, to }
}

/** Below every id that a call which began then or later can have. */
export function firstIdAt(ms: number): Buffer {
  const id = Buffer.alloc(16)
  id.writeUIntBE(ms, 0, 6)
  return id
}
export const firstIdOf = (day: string) => firstIdAt(startOf(day))
/** When the call of this id began. */
export const msOfId = (id: Buffer) => id.readUIntBE(0, 6)

/** The next higher id: what comes after an id begins there. */
export function nextId(id: Buffer): Buffer {
  const next = Buffer.from(id)
  for (let at = 15; at >= 0; at--) {
    const byte = ((next[at] ?? 0) + 1) & 0xff
    next[at] = byte
    if (byte !== 0) break
  }
  return next
}
