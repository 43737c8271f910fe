import { startFakePayments } from './fake-payments.server.ts'

// The fake providers of payment in a process of their own: prints the variables that have a relay
// paid there, a line each, and runs until it is stopped.
const { env } = await startFakePayments()
for (const [name, value] of Object.entries(env)) console.log(`${name}=${value}`)
