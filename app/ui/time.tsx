const ends = { day: 10, minute: 16, second: 19, millisecond: 23 }

/** A moment in UTC, the same for everybody who reads it, with or without JavaScript. */
export const Time = ({ at, to = 'second' }: { at: Date; to?: keyof typeof ends }) => {
  const iso = at.toISOString()
  return (
    <time
      dateTime={iso}
      title={`${iso.replace('T', ' ').slice(0, -1)} UTC`}
      className="whitespace-nowrap tabular-nums"
    >
      {iso.slice(0, ends[to]).replace('T', ' ')}
    </time>
  )
}
