/** What bounds upstreams in the database: what may be said of one, and how many there are. */

const second = 1_000
const minute = 60 * second

export const upstreamLimits = {
  upstreams: {
    /** Shorter pieces of a key may be in any text; longer ones are the key, or most of it. */
    pieceChars: 12,
    /** Shorter keys are words, such as the `EMPTY` and `ollama` of one's own machines. */
    secretCharsLeast: 8,
    /** All of them are read at every change, and each has connections; nobody has contracts with more. */
    most: 200,
    /** Keys of one: each is a place of its own that calls are spread over. */
    keysMax: 50,
    /** Models that one serves; OpenRouter lists some hundreds. */
    modelsMax: 2_000,
    nameCharsMax: 50,
    /** Of a definition as JSON: a text column takes 64 kB, and nobody reads one of half as many. */
    definitionBytesMax: 32 * 1024,
    /** Longer is no key of any provider's: those of service accounts are some 200 characters. */
    keyCharsMax: 1_000,
    urlCharsMax: 500,
    /** Of each list and table in a definition; the longest of a preset has twelve. */
    entriesMax: 100,
    valueCharsMax: 1_000,
    /** Shares are compared with each other: more than this says nothing that less would not. */
    weightMax: 1_000,
    priorityMost: 1_000,
    connectMs: { least: 100, most: minute },
    /** Less than this fails over calls that nothing is wrong with. */
    eventMs: { least: 100, most: 30 * minute },
    totalMs: { least: second, most: 30 * minute },
    readOnSecondsMax: 30 * 60,
    concurrentMax: 100_000,
    test: {
      /** Whoever tests is waiting; a model that takes longer to say a word is no better for it. */
      msMax: minute,
      /** One token and what is said about it. */
      answerBytesMax: 1024 * 1024,
    },
    seal: {
      /** A key of AES-256, and as much as anybody would have to guess. */
      secretBytes: 32,
      /** What GCM is made for (NIST SP 800-38D): a random one a key comes twice in 2^32 of them. */
      nonceBytes: 12,
      /** The whole tag: a shorter one is guessed sooner. */
      tagBytes: 16,
    },
  },
} as const
