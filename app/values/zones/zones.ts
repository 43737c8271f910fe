import { dayMs } from '../days.ts'

const nameForm = /^[A-Za-z][\w+/-]{0,49}$/

/** Names that ICU has kept, by which the IANA's list has them now. */
const namesNow = new Map([
  ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['America/Godthab', 'America/Nuuk'],
  ['Asia/Calcutta', 'Asia/Kolkata'],
  ['Asia/Katmandu', 'Asia/Kathmandu'],
  ['Asia/Rangoon', 'Asia/Yangon'],
  ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
  ['Atlantic/Faeroe', 'Atlantic/Faroe'],
  ['Europe/Kiev', 'Europe/Kyiv'],
  ['Pacific/Enderbury', 'Pacific/Kanton'],
  ['Pacific/Ponape', 'Pacific/Pohnpei'],
  ['Pacific/Truk', 'Pacific/Chuuk'],
])

/** All zones that there are, by name. */
export const allZones = (): string[] =>
  [
    ...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')].map((it) => namesNow.get(it) ?? it)),
  ].sort()

const readNamesAtMost = 2_000
/** What names that were asked for are: every page of somebody signed in asks for one. */
const readNames = new Map<string, string | undefined>()

function readName(text: string): string | undefined {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions()
    return namesNow.get(timeZone) ?? timeZone
  } catch {
    return undefined
  }
}

/** The name of a time zone as the IANA's list has it; undefined where there is none like it. */
export function timeZoneOf(text: string): string | undefined {
  if (!nameForm.test(text)) return undefined
  if (readNames.has(text)) return readNames.get(text)
  const name = readName(text)
  if (readNames.size >= readNamesAtMost) readNames.clear()
  readNames.set(text, name)
  return name
}

/** Of zones that `timeZoneOf` has let in: there are some 600. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(zone: string): Intl.DateTimeFormat {
  const kept = formats.get(zone)
  if (kept) return kept
  // A zone that another release has stored, and this one does not know, is no reason to stop.
  const timeZone = timeZoneOf(zone) ?? 'UTC'
  const date = { year: 'numeric', month: 'numeric', day: 'numeric' } as const
  const time = { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' } as const
  const parts = { timeZone, calendar: 'gregory', ...date, ...time } as const
  const format = new Intl.DateTimeFormat('en-US', parts)
  formats.set(zone, format)
  return format
}

/** What calendars and clocks of a zone show at a moment, as UTC would show it at the one answered. */
export function wallMs(zone: string, ms: number): number {
  if (zone === 'UTC') return ms
  const at: Record<string, number> = {}
  for (const { type, value } of formatOf(zone).formatToParts(ms)) at[type] = Number(value)
  const { year = 0, month = 1, day, hour, minute, second } = at
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((ms % 1_000) + 1_000) % 1_000)
}

const calendarDay = (zone: string, ms: number) => Math.floor(wallMs(zone, ms) / dayMs)

/**
 * The first moment of a day, searched for: where clocks are changed at midnight a day begins at one
 * o'clock, or an hour later than it seemed.
 */
function searchStart(day: number, zone: string): number {
  // No zone is further from UTC than 14 hours, and moments of whole seconds are enough.
  let before = day * 86_400 - 16 * 3_600
  let after = day * 86_400 + 16 * 3_600
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (calendarDay(zone, middle * 1_000) >= day) after = middle
    else before = middle
  }
  return after * 1_000
}

const startsAtMost = 20_000
const starts = new Map<string, number>()

/** When a day of a zone begins. Days are counted as UTC's are since 1970. */
export function startOfDay(day: number, zone: string): number {
  if (zone === 'UTC') return day * dayMs
  const id = `${day} ${zone}`
  const kept = starts.get(id)
  if (kept !== undefined) return kept
  // What the clocks show there tells how far they are off, unless they are changed in between.
  const midnightMs = day * dayMs
  const likelyMs = midnightMs - (wallMs(zone, midnightMs) - midnightMs)
  const isIt =
    wallMs(zone, likelyMs) === day * dayMs && calendarDay(zone, likelyMs - 1_000) === day - 1
  const found = isIt ? likelyMs : searchStart(day, zone)
  if (starts.size >= startsAtMost) starts.clear()
  starts.set(id, found)
  return found
}

/**
 * The day of a zone that a moment is in: the one that has begun last. It is what the calendars
 * there show, but where clocks go back over midnight: then it goes on.
 */
export function dayAt(zone: string, ms: number): number {
  const shown = calendarDay(zone, ms)
  if (ms < startOfDay(shown, zone)) return shown - 1
  return ms >= startOfDay(shown + 1, zone) ? shown + 1 : shown
}
