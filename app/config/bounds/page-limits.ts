/** The bounds of what people use in a browser; `limits` holds them with all others. */

import { brandLimits } from './brand-limits.ts'

const second = 1_000
const day = 24 // hours

export const pageLimits = {
  ...brandLimits,
  auth: {
    /** Long enough for a password manager and a second factor at the provider. */
    attemptMinutesMax: 10,
    /** Longer than anything spent once works, with clocks that differ. */
    spentMinutesKept: 60,
    /** For all requests of a sign-in: a slow provider needs less, a person would wait longer. */
    providerMsMax: 10 * second,
    /** What a provider of OIDC says of itself: read anew each hour, or while it is away a minute later. */
    oidcFacts: { keptMs: 3_600 * second, againMs: 60 * second },
    /** A profile is a few kilobytes. */
    answerBytesMax: 1_000_000,
    /** Names are shown in a line. */
    nameCharsMax: 200,
    /** From the callback to the page it redirects to, and a slow start of that page. */
    firstKeyMinutesMax: 5,
    /** A session ends this long after it began, whatever happens in it. */
    sessionHoursMax: 14 * day,
    /** And this long after it was last used. */
    sessionIdleHoursMax: 3 * day,
    /** More are neither listed nor looked through; the oldest use falls out first. */
    sessionsMax: 100,
    /** `npm start` stands open in a terminal for a working day; then another address is printed. */
    localSignInHoursMax: 12,
  },
  usage: {
    /** More on one page than a person scrolls through, or a screen reader reads. */
    pageRowsMax: 100,
    pageRowsUsual: 50,
    /** Shown where no days are asked for: what a month comes to. */
    daysUsual: 30,
    /** Numbered pages read what they skip, so there are a few; behind those, cursors go on. */
    pagesMax: 10,
    /** More bars than these are too thin to point at. */
    barsMax: 92,
    /** No list has room for more; a longer range shows the days from the first use to the last. */
    daysFilledMax: 400,
    /** Rows read at a time: all that a download of any length keeps in memory, and a turn of it. */
    csvRowsAtOnce: 500,
    /** More than this in one list is slow to plan. */
    combinationsAtOnce: 500,
    /** So few calls are read at once, wherever in the stretch they are. */
    rowsFew: 500,
    /** What programs ask with a key. Their days are all in the answer: a leap year at the most. */
    reads: {
      daysUsual: 30,
      daysMax: 366,
      /** As for pages: a program that asks all the time has a part of it. */
      share: { part: 0.3, burstMs: 2 * second, turnMsMax: 250, lineMax: 20, atOnceMax: 4 },
    },
    /** A database which no relay has seen for half a year still has a partition ready. */
    monthsAhead: 6,
    /**
     * A change of the table waits for every transaction that has touched it, and all later ones
     * wait for the change: rather than hold calls up for longer, it is tried again later.
     */
    alterLockSecondsMax: 2,
    alterTriesMax: 3,
  },
  models: {
    /** On one page, which anybody may ask for; the rest is behind it. */
    pageRows: 50,
    findCharsMax: 100,
    /** Prices that hold now are the same for a while, for whoever is not signed in. */
    jsonSecondsKept: 60,
  },
  sessionSecret: {
    /** Fewer kinds of characters than 32 random digits have. */
    kindsLeast: 7,
    /** What 32 random characters come to when packed is 27 bytes or more; what repeats is less. */
    packedBytesLeast: 24,
    /** Of a random text one step in five counts on or stands still, of `abcd` and `4321` all. */
    stepShareMax: 0.5,
  },
  pages: {
    /** Of what a browser asks for languages by: some forty characters; the rest nobody chose. */
    languagesCharactersMax: 400,
    /** Our forms hold a few lines of text; browsers say how long one is before they send it. */
    formBytesMax: 64 * 1024,
    /** A browser sends a form in one go; this is for the slowest of networks. */
    formMsMax: 10 * second,
    /** Forms on their way at once: some tens of megabytes. One client has no more than a quarter. */
    formsMax: 1_000,
    formsAnAddressMax: 250,
    /** A form lies open this long. */
    formHoursMax: 12,
    /** Its spent token is kept for longer, so that it cannot be spent again. */
    spentFormHoursKept: 48,
    /** React renders in tens of ms; whoever still waits for a page by now has given it up. */
    renderMsMax: 5 * second,
    /** Pages that may be under way at once, downloads among them; the next is sent away. */
    underWayMax: 1_000,
    /** Shorter answers fit into one packet as they are. */
    compressBytesLeast: 1_024,
    /** Of 11: the last ones take ten times the time for a tenth of the bytes. */
    brotliQuality: 5,
    /** A page takes some tens of milliseconds: many people behind one proxy need fewer. */
    underWayAnAddressMax: 250,
    /**
     * Pages that are made for readers who have left, of one and in all: a browser leaves a few as
     * somebody clicks on, a program a thousand a second. More than these, and the next ones wait.
     */
    leftOfOneMax: 8,
    leftMax: 150,
    /**
     * What of such an answer is thrown away; a longer one, or one still being made,
     * such as a download, is ended.
     */
    leftBytesMax: 1024 * 1024,
    leftMsMax: second,
    /**
     * What one account may have of the pages' thread and of the database: a third of the time, and
     * more than a person's clicks take at once. A page that was kept by others counts as a slow one.
     */
    share: { part: 0.3, burstMs: 2 * second, turnMsMax: 250, lineMax: 50, atOnceMax: 4 },
    /** Of one account: each costs a look at its session, and a page that says so. */
    refusals: { leastMs: second, everyMs: 50, mostMs: 10 * second },
    /** Connections from the thread of the API to the one of the pages. */
    connectionsMax: 1_000,
    /** Longer than any statement of a page may take. */
    answerMsMax: 60 * second,
    keepAliveMs: 20 * second,
    /** A folder without a socket that is older was left; a thread of pages starts in a second or two. */
    folderMsLeast: 60 * second,
    /** Linux's word for how much a thread lets others go first: calls before pages. */
    niceness: 5,
    restartAfterMs: second,
    stopMsMax: 3 * second,
  },
  playground: {
    /** What its key may cost in a day: a dollar tries a good deal, and is soon missed by nobody. */
    dayBudgetNanos: 1_000_000_000,
    /** A form with so much text in any script is shorter than a form may be. */
    textCharsMax: 8_000,
    /** On one page, to choose from; any other is named by the link from its own page. */
    modelsShownMax: 200,
    /** Calls at once; each keeps a place among the pages under way. */
    anAccountMax: 4,
    aProcessMax: 200,
    /** Without JavaScript a page is waited for: less than the relay waits for one itself. */
    pageMsMax: 45 * second,
    /** Whoever reads along may read for longer; then they are told where it stood. */
    streamMsMax: 600 * second,
  },
  downloads: {
    /** Each keeps a place among the pages under way for as long as it lasts. */
    anAccountMax: 2,
    aProcessMax: 8,
    /** Their slices take turns with each other: nobody waits for a file as for a page. */
    share: { part: 0.3, burstMs: 2 * second, turnMsMax: 250, lineMax: 4, atOnceMax: 1 },
  },
} as const
