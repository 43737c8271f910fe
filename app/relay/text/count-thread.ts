import { setPriority } from 'node:os'
import { parentPort } from 'node:worker_threads'
import { limits } from '../../config/limits.ts'
import type { Batch } from './counter.ts'
import { countSlice, loadTokenizer } from './tokens.ts'

// Counts slices of texts in a thread of its own: a megabyte takes seconds, and calls would wait.
// Linux has a priority for each thread; elsewhere this would slow the calls down too.
if (process.platform === 'linux') setPriority(0, limits.pages.niceness)
loadTokenizer()
// This module is only ever the first one of a thread.
const parent = parentPort!
parent.on('message', ({ slices, encoding }: Batch) => {
  let tokens = 0
  for (const slice of slices) tokens += countSlice(slice, encoding)
  parent.postMessage(tokens)
})
