import { limits } from '../config/limits.ts'

const waiting: (() => void)[] = []
/** Somebody has a turn, or will be given one. */
let isUnderWay = false
/** Until when the thread is everybody else's. */
let restUntil = performance.now()

function callNext() {
  const restMs = restUntil - performance.now()
  // A timer alone may be called in the turn that has just been had.
  if (restMs > 0) setTimeout(() => setImmediate(letNextGoOn), restMs)
  else setImmediate(letNextGoOn)
}

function letNextGoOn() {
  const startMs = performance.now()
  waiting.shift()?.()
  // Whoever waited goes on before this, and has come to the end of its piece.
  queueMicrotask(() => {
    const endMs = performance.now()
    restUntil = endMs + Math.max(limits.bodies.restMsLeast, endMs - startMs)
    isUnderWay = waiting.length > 0
    if (isUnderWay) callNext()
  })
}

/**
 * Waits for a turn to do a piece of long work. All who do such work take turns, one piece each, and
 * after each of them the thread is everybody else's for as long as the piece has taken. A call takes
 * some ten turns of the event loop from its first byte to its last: each of them is longer by one
 * piece at most, however much long work there is.
 */
export function ownTurn(): Promise<void> {
  return new Promise((resolve) => {
    waiting.push(resolve)
    if (isUnderWay) return
    isUnderWay = true
    callNext()
  })
}
