/** How pages write numbers: one place, so that a language is chosen in one. */

const whole = new Intl.NumberFormat('en-US')

/** A whole number with its thousands apart. */
export const formatCount = (count: number): string => whole.format(count)
