type OfDay<T> = { day: string; rows: [T, ...T[]] }

/** Neighbours of one day together, in the order in which they come. */
export function groupByDay<T>(rows: readonly T[], dayOf: (row: T) => string): OfDay<T>[] {
  const days: OfDay<T>[] = []
  for (const row of rows) {
    const day = dayOf(row)
    const last = days.at(-1)
    if (last?.day === day) last.rows.push(row)
    else days.push({ day, rows: [row] })
  }
  return days
}
