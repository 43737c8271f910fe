/** The bounds of plans, each with its reason; `limits` holds them with all others. */

export const planLimits = {
  plans: {
    /** A name stands in a heading, and on a bill. */
    nameCharsMax: 60,
    /** A page shows all that are on sale, and people compare them. */
    onSaleMax: 50,
    /** What an operator reads of all plans that there ever were. */
    listedMax: 1_000,
    /** Of a plan: groups of models are named by how they begin. */
    modelsMax: 50,
    /** What the table's columns take. */
    modelsCharsMax: 4_000,
    /** Whoever has not paid for a month by then has left. */
    graceDaysMax: 31,
    /** Long enough for a bank transfer over a weekend. */
    graceDaysUsual: 3,
    /** A million dollars a month: nine of them still fit an account. */
    nanosMax: 1_000_000_000_000_000,
  },
} as const
