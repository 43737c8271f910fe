/** What bounds the choice among upstreams, and how long one that fails is left alone. */

const second = 1_000
const minute = 60 * second

export const choiceLimits = {
  breaker: {
    /** Envoy's figure for a host that is put out: five in a row are no accident. */
    inARow: 5,
    /** One that answers every other call at most is worse than any other. */
    windowMs: 30 * second,
    windowLeast: 20,
    windowPercent: 50,
    /** A restart takes less; a customer's call is what tries it out. */
    openMs: 30 * second,
    openMsMax: 5 * minute,
    /** What an upstream asks to be left alone for; longer is no passing trouble. */
    limitMsMax: minute,
    /** Models of one key whose state is known: more than anybody sells, and some kB each. */
    modelsMax: 10_000,
    /** Of those that are not closed, what is shown: nobody reads more. */
    reportsMax: 500,
  },
  retries: {
    /** Of attempts after the first; a quiet relay has too few calls for a share of them. */
    least: 10,
    /** Envoy's share: upstreams in trouble are asked a fifth more, and not three times as much. */
    percent: 20,
    /** Attempts of one call: each takes as long as its upstream lets it wait. */
    triesMax: 3,
    /** Whoever waits for longer is better told so, and asks again. */
    waitMsMax: second,
  },
  choice: {
    /** Of what keeps a session together; whoever has longer names for theirs shares by their start. */
    affinityCharsMax: 512,
    /** After a change an upstream's last calls have been sent by then: those let in before it. */
    retireMs: minute,
  },
} as const
