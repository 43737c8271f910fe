/** The bounds of several hosts in `DATABASE_URL`, each with its reason. */

const second = 1_000

export const hostLimits = {
  /** Clusters have three nodes or five, and some beside them; each is looked at once a second. */
  hostsMax: 9,
  /** A host that dies without a word is given up after two looks. */
  lookEveryMs: second,
  /** Connecting and one question take some ms; a node that takes this long helps nobody. */
  lookMsMax: second,
  /** Where none was well, those who ask meanwhile are told so without another look. */
  lookAgainMs: 100,
  /**
   * So long an earlier host has to have been well before calls go back to it: a node that comes
   * and goes takes them along each time.
   */
  backAfterMs: 30 * second,
  /** How often a thread that follows looks where to, after what it had has failed, and for how long. */
  followEveryMs: 50,
  followMsMax: 2 * second,
} as const
