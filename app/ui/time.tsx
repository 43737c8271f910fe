const ends = { day: 10, minute: 16, second: 19, millisecond: 23 }
const clockBegins = 11

type TimeProps = {
  at: Date
  to?: keyof typeof ends
  /** Without its day, where that is said above it. */
  isClock?: boolean
}

/** The day of a moment, as `Time` writes it. */
export const dayShown = (at: Date): string => at.toISOString().slice(0, ends.day)

/** A moment in UTC, the same for everybody who reads it, with or without JavaScript. */
export const Time = ({ at, to = 'second', isClock = false }: TimeProps) => {
  const iso = at.toISOString()
  return (
    <time
      dateTime={iso}
      title={`${iso.replace('T', ' ').slice(0, -1)} UTC`}
      className="whitespace-nowrap tabular-nums"
    >
      {iso.slice(isClock ? clockBegins : 0, ends[to]).replace('T', ' ')}
    </time>
  )
}
