import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

import { present } from '../present.ts'
import { LedgerAway, type Ledger, type LedgerOptions } from '../../app/ledger/ledger.server.ts'

export type OpenLedger = {
  url: string
  relayId: Buffer
  limits: LedgerOptions['limits']
  faults?: { seed: number; rate: number }
}
export type Request =
  | { id: number; ledger: number; verb: 'open'; what: OpenLedger }
  | {
      id: number
      ledger: number
      verb: 'reserve' | 'settle' | 'lose' | 'idle' | 'close'
      what?: unknown
    }
export type WorkerReply = {
  id: number
  result?: unknown
  error?: { isAway: boolean; message: string }
}

type LedgerProcess = {
  /** A ledger that lives in the other process; `waiting` is not known on this side. */
  open(what: OpenLedger): Promise<Ledger>
  stop(): Promise<void>
}

/** Starts a second operating system process for ledgers on the same books. */
export async function startLedgerProcess(): Promise<LedgerProcess> {
  const worker = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    serialization: 'advanced',
  })
  const pending = new Map<number, { resolve(result: unknown): void; reject(error: Error): void }>()
  let ids = 0
  worker.on('message', ({ id, result, error }: WorkerReply) => {
    const { resolve, reject } = present(pending.get(id))
    pending.delete(id)
    if (!error) resolve(result)
    else reject(error.isAway ? new LedgerAway(error.message) : new Error(error.message))
  })
  const exited = once(worker, 'exit').then(() => {
    for (const { reject } of pending.values()) reject(new Error('the ledger process has ended'))
  })
  const ask = <T>(ledger: number, verb: Request['verb'], what?: unknown) =>
    new Promise<T>((resolve, reject) => {
      const id = ids++
      pending.set(id, { resolve: resolve as (result: unknown) => void, reject })
      worker.send({ id, ledger, verb, what })
    })
  let ledgers = 0
  return {
    async open(what) {
      const ledger = ledgers++
      await ask(ledger, 'open', what)
      return {
        relayId: what.relayId,
        reserve: (op) => ask(ledger, 'reserve', op),
        settle: (op) => ask(ledger, 'settle', op),
        lose: (op) => ask(ledger, 'lose', op),
        waiting: () => 0,
        idle: () => ask(ledger, 'idle'),
        close: () => ask(ledger, 'close'),
      }
    },
    async stop() {
      worker.disconnect()
      await exited
    },
  }
}
