/**
 * A rate as GCRA has it (ITU-T I.371): a unit each so many microseconds, and at once as many as
 * come due in `burstUs`. All that is remembered of it is one moment, when everything that was taken
 * will have come due; so a part of a rate is the rate with its time stretched, and has the same
 * moment.
 */
export type Rate = { everyUs: number; burstUs: number }

const minuteUs = 60_000_000

/** So many a minute, and at once as many as come in so many seconds: one at least. */
export function rateOf(aMinute: number, burstSeconds: number): Rate {
  const everyUs = minuteUs / aMinute
  return { everyUs, burstUs: Math.max(everyUs, burstSeconds * 1_000_000) }
}

/** One of so many equal parts of it. */
export const partOf = ({ everyUs, burstUs }: Rate, parts: number): Rate => ({
  everyUs: everyUs * parts,
  burstUs,
})

/** The most that can be taken at once. */
export const unitsAtOnce = ({ everyUs, burstUs }: Rate) => Math.floor(burstUs / everyUs)

/** What these units take of it: more than all of it, nothing can. */
const costUs = ({ everyUs, burstUs }: Rate, units: number) => Math.min(units * everyUs, burstUs)

/** How long it is until so many may be taken: 0 where they may be now. */
export const waitUs = (rate: Rate, fullUs: number, units: number, nowUs: number) =>
  Math.max(0, Math.max(fullUs, nowUs) + costUs(rate, units) - rate.burstUs - nowUs)

/** The moment when so many have been taken. */
export const taken = (rate: Rate, fullUs: number, units: number, nowUs: number) =>
  Math.max(fullUs, nowUs) + costUs(rate, units)

/** The same where as many more were used than was taken, all of which is due; or less. */
export const corrected = ({ everyUs }: Rate, fullUs: number, units: number, nowUs: number) =>
  (units > 0 ? Math.max(fullUs, nowUs) : fullUs) + units * everyUs

/**
 * The moment of a rate in whose place another holds: as many units are taken as before, so that one
 * that is raised lets in at once what it would have; one that is lowered makes nobody wait for
 * longer than for all of it, or than before.
 */
export function moved(from: Rate, to: Rate, fullUs: number, nowUs: number): number {
  const leftUs = fullUs - nowUs
  if (leftUs <= 0 || from.everyUs === to.everyUs) return fullUs
  return nowUs + Math.min((leftUs * to.everyUs) / from.everyUs, Math.max(leftUs, to.burstUs))
}

/** How many may be taken now. */
export const unitsLeft = ({ everyUs, burstUs }: Rate, fullUs: number, nowUs: number) =>
  Math.max(0, Math.floor((nowUs + burstUs - Math.max(fullUs, nowUs)) / everyUs + 1e-6))
