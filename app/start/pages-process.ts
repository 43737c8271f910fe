import { setPriority } from 'node:os'
import { loadEnvFile } from '../config/env.ts'
import { limits } from '../config/limits.ts'
import { endInOneLine } from '../telemetry/last-words.ts'
import { keepInspectorShut } from './inspector.ts'
import { servePages } from './serve-pages.ts'

// The pages of several relay processes, in one of their own: what they share out is shared by all.
const [, , socketPath = ''] = process.argv
keepInspectorShut()
// Whoever ends them all ends the relays first; this one is told when they have gone.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined)
setPriority(0, limits.pages.niceness)
loadEnvFile()
const { end, log } = await servePages(socketPath)
endInOneLine(log)
process.once('message', ({ leaveMs }: { leaveMs: number }) => void end(leaveMs))
// With the parent the relays go too, and let go of what is under way here.
process.once('disconnect', () => void end(limits.shutdown.drainMsMax))
process.send?.('listening')
