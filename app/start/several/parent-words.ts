/** What a parent process says to its relays. */
export type ToRelay =
  /** A connection comes along. */
  | { say: 'connection'; id: number }
  /** The pages are served behind this socket from now on. */
  | { say: 'pages'; socketPath: string }
  /** Whether what only one of them has to do is this one's. */
  | { say: 'lead'; isIt: boolean }
  /** That relay's process has ended: its holds are to be released. */
  | { say: 'sweep'; relayId: string }
  /** Another serves in its place. */
  | { say: 'replaced' }
  /** No connection comes any more. */
  | { say: 'left' }

/** And what they say to it. */
export type ToParent =
  | { say: 'ready'; relayId: string }
  /** From here on the connection is this process's alone. */
  | { say: 'took'; id: number }
  | { say: 'connections'; count: number }
  /** Asks to be handed no more connections. */
  | { say: 'leaving' }
  | { say: 'swept'; relayId: string }
