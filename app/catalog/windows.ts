import { z } from 'zod'

const clock = /^(?:[01]\d|2[0-3]):[0-5]\d$/

/** A part of each day, or of some days of the week, by UTC. */
export const When = z
  .strictObject({
    /** 1 is Monday, 7 is Sunday; absent where it is every day. */
    days: z
      .array(z.number().int().min(1).max(7))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, 'a day must be named once')
      .optional(),
    from: z.string().regex(clock, 'must be a time such as 08:30'),
    /** The first minute that is outside again. Before `from`, it is that of the next day. */
    to: z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'must be a time such as 08:30'),
  })
  .refine(
    ({ from, to }) => from !== to,
    'must not end when it begins; a whole day is 00:00 to 24:00',
  )
export type When = z.infer<typeof When>

const minuteOf = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3))

/**
 * Whether a moment is within a window. One that goes on past midnight is of the day that it begins
 * on: Friday 22:00 to 06:00 holds at five on Saturday, and not at five on Friday.
 */
export function isWithin({ days, from, to }: When, at: Date): boolean {
  const minute = at.getUTCHours() * 60 + at.getUTCMinutes()
  const today = at.getUTCDay() || 7
  const yesterday = today === 1 ? 7 : today - 1
  const isOn = (day: number) => days === undefined || days.includes(day)
  const [begins, ends] = [minuteOf(from), minuteOf(to)]
  if (begins < ends) return begins <= minute && minute < ends && isOn(today)
  return (begins <= minute && isOn(today)) || (minute < ends && isOn(yesterday))
}

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Days in a row as `mon-fri`, and what stands alone by itself: `mon-wed,sun`. */
function daysText(days: readonly number[]): string {
  const runs: [first: number, last: number][] = []
  for (const day of [...days].sort()) {
    const run = runs.at(-1)
    if (run && run[1] === day - 1) run[1] = day
    else runs.push([day, day])
  }
  const nameOf = (day: number) => dayNames[day - 1] ?? ''
  return runs
    .map(([first, last]) => (first === last ? nameOf(first) : `${nameOf(first)}-${nameOf(last)}`))
    .join(',')
}

/** A window as it is typed: `mon-fri@08:00-18:00`, by UTC. */
export const windowText = ({ days, from, to }: When): string =>
  `${days ? `${daysText(days)}@` : ''}${from}-${to}`
