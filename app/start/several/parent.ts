import type { Socket } from 'node:net'
import type { ToParent, ToRelay } from './parent-words.ts'

/** The parent process, as one of its relays knows it. */
export type Parent = {
  say(words: ToParent): void
  onConnection(take: (id: number, socket: Socket | undefined) => void): void
  /** Resolves when no connection comes any more. */
  leave(): Promise<void>
}

type Heard = {
  pages(socketPath: string): void
  lead(isIt: boolean): void
  sweep(relayId: string): void
  replaced(): void
  /** It has ended, by whatever hand: nobody starts this process again, nor sends it calls. */
  gone(): void
}

/** Listens to the parent. It says nothing before it has heard `ready`. */
export function hearParent(heard: Heard): Parent {
  let take: (id: number, socket: Socket | undefined) => void = () => undefined
  let onLeft = () => {}
  process.on('message', (words: ToRelay, socket?: Socket) => {
    if (words.say === 'connection') take(words.id, socket)
    else if (words.say === 'pages') heard.pages(words.socketPath)
    else if (words.say === 'lead') heard.lead(words.isIt)
    else if (words.say === 'sweep') heard.sweep(words.relayId)
    else if (words.say === 'replaced') heard.replaced()
    else onLeft()
  })
  process.once('disconnect', () => {
    onLeft()
    heard.gone()
  })
  return {
    say(words) {
      // One that cannot be told is gone, which is heard of by itself.
      if (process.connected) process.send?.(words, undefined, undefined, () => undefined)
    },
    onConnection: (next) => void (take = next),
    leave() {
      if (!process.connected) return Promise.resolve()
      const left = new Promise<void>((resolve) => (onLeft = resolve))
      this.say({ say: 'leaving' })
      return left
    },
  }
}
