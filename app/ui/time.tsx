import { useContext } from 'react'
import { wallMs } from '../values/zones/zones.ts'
import { Zone, zoneName } from './zone/zone.tsx'

const ends = { day: 10, minute: 16, second: 19, millisecond: 23 }
const clockBegins = 11

type TimeProps = {
  at: Date
  to?: keyof typeof ends
  /** Without its day, where that is said above it. */
  isClock?: boolean
  /** Says whose clocks, where nothing beside it does. */
  isNamed?: boolean
}

const textOf = (at: Date, zone: string) =>
  new Date(wallMs(zone, at.getTime())).toISOString().slice(0, 23).replace('T', ' ')

/** The day of a moment in a zone, as `Time` writes it. */
export const dayShown = (at: Date, zone: string): string => textOf(at, zone).slice(0, ends.day)

/** A moment by the clocks of whoever reads it, with or without JavaScript. */
export const Time = ({ at, to = 'second', isClock = false, isNamed = false }: TimeProps) => {
  const zone = useContext(Zone)
  const text = textOf(at, zone)
  return (
    <time
      dateTime={at.toISOString()}
      title={`${text} ${zoneName(zone)}`}
      className="whitespace-nowrap tabular-nums"
    >
      {text.slice(isClock ? clockBegins : 0, ends[to])}
      {isNamed && ` ${zoneName(zone)}`}
    </time>
  )
}
