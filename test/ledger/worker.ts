import { present } from '../present.ts'
import { createLedger, LedgerAway, type Ledger } from '../../app/ledger/ledger.server.ts'
import { faultyLane, randomFaults } from './faulty-lane.ts'
import type { WorkerReply, OpenLedger, Request } from './process.ts'

/** The other side of `startLedgerProcess`: ledgers in a process of their own, for tests only. */
if (!process.send) throw new Error('This file is started by startLedgerProcess alone.')

const ledgers = new Map<number, Ledger>()

function open({ url, relayId, limits, faults }: OpenLedger): Ledger {
  if (!new URL(url).pathname.startsWith('/t_')) throw new Error('This is not a test’s database.')
  if (!faults) return createLedger(url, { relayId, limits })
  let lanes = 0
  return createLedger(url, {
    relayId,
    limits,
    laneOf: (address) => faultyLane(address, randomFaults(faults.seed + lanes++, faults.rate)),
  })
}

async function serve(request: Request): Promise<unknown> {
  if (request.verb === 'open') return void ledgers.set(request.ledger, open(request.what))
  const ledger = present(ledgers.get(request.ledger))
  switch (request.verb) {
    case 'reserve':
      return ledger.reserve(request.what as Parameters<Ledger['reserve']>[0])
    case 'settle':
      return ledger.settle(request.what as Parameters<Ledger['settle']>[0])
    case 'lose':
      return ledger.lose(request.what as Parameters<Ledger['lose']>[0])
    case 'idle':
      return ledger.idle()
    case 'close':
      return ledger.close()
  }
}

const send = process.send.bind(process)
const answer = (message: WorkerReply) => send(message)
process.on('message', (request: Request) => {
  serve(request).then(
    (result) => answer({ id: request.id, result }),
    (error: Error) => {
      const isAway = error instanceof LedgerAway
      answer({
        id: request.id,
        error: { isAway, message: `${error.message} ${String(error.cause)}` },
      })
    },
  )
})
process.on('disconnect', () => process.exit())
