const whole = new Intl.NumberFormat('en-US')

/** A whole number in an error of the API, which is in English whoever asks: its thousands apart. */
export const figureInEnglish = (count: number): string => whole.format(count)
