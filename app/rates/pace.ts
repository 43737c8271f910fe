import { limits } from '../config/limits.ts'

const { askEveryMsMax, leaveMsMax } = limits.rates

/**
 * When Redis is asked. One that answers in a third of a millisecond would be asked for each call by
 * itself, and an asking costs more than what is asked: while many want in, some wait for each
 * other, beside their reservation, which takes longer. A call that comes alone waits for nobody.
 */
export class Pace {
  private timer: NodeJS.Timeout | undefined
  private dueUs = Infinity
  /** Until then no call is asked for. */
  private nextUs = 0
  private entering = 0

  constructor(
    private readonly nowUs: () => number,
    private readonly ask: () => void,
  ) {}

  /** Whether what waits is asked for later, without more being done. */
  get isWaiting() {
    return this.timer !== undefined
  }

  /** A call wants in. */
  enter() {
    this.entering++
    this.soon()
  }

  /** There is something to tell that others are kept out by until then. */
  soon() {
    this.by(this.nextUs)
  }

  /** A call has ended, which goes with the next one. */
  leave() {
    this.by(this.nowUs() + leaveMsMax * 1_000)
  }

  /** Redis is being asked. The more calls wanted in, the longer the next ones gather: a millisecond each. */
  asked() {
    clearTimeout(this.timer)
    this.timer = undefined
    this.dueUs = Infinity
    if (this.entering > 0)
      this.nextUs = this.nowUs() + Math.min(this.entering - 1, askEveryMsMax) * 1_000
    this.entering = 0
  }

  private by(atUs: number) {
    const forUs = atUs - this.nowUs()
    if (forUs <= 0) return this.ask()
    if (atUs >= this.dueUs) return
    clearTimeout(this.timer)
    this.dueUs = atUs
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.dueUs = Infinity
      this.ask()
    }, forUs / 1_000)
  }
}
