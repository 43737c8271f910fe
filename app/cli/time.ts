const form = /^(20\d\d)-(\d\d)-(\d\d)(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/

/**
 * A day (its first moment, UTC) or a time with its offset, as ISO 8601 writes them. A time without
 * an offset is refused: it would mean something else on every machine.
 */
export function parseTime(text: string): Date | undefined {
  const [, year, month, day] = form.exec(text) ?? []
  if (!year || !month || !day) return undefined
  // Date would make the 31st of February a day in March.
  if (new Date(Date.UTC(+year, +month - 1, +day)).getUTCDate() !== +day) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}
