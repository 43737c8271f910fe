import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { limits } from '../config/limits.ts'
import { servePages } from './serve-pages.ts'

// The pages in a thread of their own: React renders a page in one piece, and calls would wait for it.
const { socketPath, sharedHost } = workerData as { socketPath: string; sharedHost?: Int32Array }
// Linux has a priority for each thread; elsewhere this would slow the calls down too.
if (process.platform === 'linux') setPriority(0, limits.pages.niceness)
const { end } = await servePages(socketPath, sharedHost)
// This module is only ever the first one of a thread.
const parent = parentPort!
parent.once('message', () => void end())
parent.postMessage('listening')
