/** The bounds of accounts with several people; `limits` holds them with all others. */

const day = 24 // hours

export const teamLimits = {
  teams: {
    /** Those who are in an account, and who are invited: a page shows them all. */
    peopleMax: 50,
    /** What one person may be in: the frame of every page lists them. */
    accountsMax: 50,
    /**
     * New accounts that somebody gets for those that were made for them and that they left: nobody
     * has several reasons to, and with each a limit of every account is had once more.
     */
    homesMax: 3,
    /** A link lies in a mailbox over a weekend and a holiday; later it is forgotten, and still a key. */
    invitationHours: 7 * day,
    /** What became of an invitation is shown for this long after its end. */
    invitationDaysKept: 30,
    /** For whom a link is: a name or an address, on one line. */
    forWhomCharsMax: 200,
    /** More of the log on one page than anybody reads at once. */
    logRows: 50,
  },
} as const
