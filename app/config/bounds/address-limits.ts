/** What bounds what one address may try, and what is read of where a request came from. */

const minute = 60 // seconds

export const addressLimits = {
  addresses: {
    /** Proxies one behind the other, whose words are read; nobody has so many. */
    proxiesMax: 20,
    /** Addresses that speak for others and that nobody has named: who reads of a few knows what is amiss. */
    doubtedProxiesMax: 5,
    /** Networks in one setting. */
    rangesMax: 200,
    /**
     * What may be tried in vain, so many times in so many seconds. What is guessed has 128 bits or
     * more: this spares the database and the providers, and one office behind one address has room.
     */
    guesses: {
      /** Refused keys, of which a program in a loop sends hundreds. Keys that work are not counted. */
      key: { anAddress: 60, anAccount: 60, seconds: minute },
      /** Sign-ins that are begun, good ones too: a company comes in at nine, from one address. */
      'sign-in': { anAddress: 300, anAccount: 300, seconds: 10 * minute },
      /** Codes that are none. Whoever mistypes one tries it two or three times. */
      redeem: { anAddress: 30, anAccount: 10, seconds: 10 * minute },
      invitation: { anAddress: 30, anAccount: 30, seconds: 10 * minute },
    },
    /** Counts in one process while Redis is away, of each kind; addresses share them, 1 MB in all. */
    ownCountsMax: 4_096,
  },
} as const
