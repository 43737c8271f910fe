import { readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { z } from 'zod'
import { limits } from './limits.ts'

/** Where the kernel says how much time of cores a container may have, and in how long; by version. */
const quotaFiles: [quota: string, period: string][] = [
  ['/sys/fs/cgroup/cpu.max', '/sys/fs/cgroup/cpu.max'],
  ['/sys/fs/cgroup/cpu/cpu.cfs_quota_us', '/sys/fs/cgroup/cpu/cpu.cfs_period_us'],
]

function numbersOf(read: (file: string) => string, file: string): number[] {
  try {
    return read(file).trim().split(' ').map(Number)
  } catch {
    // No such interface here.
    return []
  }
}

/**
 * The cores that this process may use: those of the machine, or of its part of it where a container
 * has a limit, which Node does not look at. At least one.
 */
export function coresUsable(
  cores = availableParallelism(),
  read = (file: string) => readFileSync(file, 'latin1'),
): number {
  const parts = quotaFiles.map(([quotaFile, periodFile]) => {
    const quota = numbersOf(read, quotaFile)[0] ?? NaN
    const period = numbersOf(read, periodFile).at(-1) ?? NaN
    // `max` and -1 say that there is none.
    return quota > 0 && period > 0 ? Math.ceil(quota / period) : Infinity
  })
  return Math.max(1, Math.min(cores, ...parts))
}

const { most } = limits.processes

/** How many processes serve one port. */
export const processesVariable = z
  .string()
  .refine(
    (text) => text === 'auto' || (/^[1-9]\d*$/.test(text) && Number(text) <= most),
    `must be auto, or a whole number from 1 to ${most}`,
  )
  .transform((text) => (text === 'auto' ? Math.min(coresUsable(), most) : Number(text)))
  .default(1)
