/** Bounds of what a price row may say. */
export const priceLimits = {
  prices: {
    /**
     * What a hold has of searches where they have a price and nothing bounds them: hardly any call
     * makes more, one to five are usual. What goes beyond is an overrun.
     */
    searchesHeld: 8,
    /** Nine dollars for each unit: as much as a number holds exactly, and more than anything costs. */
    nanosPerMillionMax: 9_000_000_000_000_000,
    /** Providers have two or three; a row stays a few kilobytes. */
    tiersMax: 10,
    /** Night, peak hours and the week's end are three. */
    timesMax: 10,
    /** Twice a day in each day of the week. */
    windowsMax: 14,
    /** OpenAI has flex, priority and scale. */
    serviceTiersMax: 10,
  },
}
