const second = 1_000

export const keyLimits = {
  /** Revoked ones stay on the list for ever: a page of it has so many, some 150 kB. */
  pageRows: 50,
  perAccountMax: 100,
  cachedMax: 50_000,
  nameCharsMax: 100,
  modelsMax: 50,
  /** Of a longer catalogue a page shows so many to choose from, and the rest is searched for. */
  modelsShownMax: 200,
  /** Offices and servers of one company; each is looked through with every call. */
  addressesMax: 20,
  addressesCharsMax: 1_000,
  /** A week: who needs longer for all their programs makes another key. */
  rotateHoursMax: 168,
  /** What the table's column takes. */
  modelsCharsMax: 4_000,
  /** Longer is for ever, and for ever has its own way to say it. */
  daysAheadMax: 3_660,
  /** Keys of streams under way that are looked up in one list; more is slow to plan. */
  lookedUpAtOnce: 1_000,
  /** A key that nobody has is told so after a while: a flood of them is no flood of queries. */
  unknown: { leastMs: 100, everyMs: 10, mostMs: 10 * second },
  /** How long a client waits for a database that does not answer who they are. */
  findMsMax: 3 * second,
} as const
