import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Short, so that a process that has used its share up stands still for some milliseconds only. */
const periodUs = 10_000

/** The kernel's two interfaces to the same limit: cgroup version 1, and version 2. */
const interfaces: { root: string; limit(quotaUs: number): Record<string, string> }[] = [
  {
    root: '/sys/fs/cgroup/cpu',
    limit: (quotaUs) => ({
      'cpu.cfs_period_us': String(periodUs),
      'cpu.cfs_quota_us': String(quotaUs),
    }),
  },
  { root: '/sys/fs/cgroup', limit: (quotaUs) => ({ 'cpu.max': `${quotaUs} ${periodUs}` }) },
]

type CoreShares = {
  /** Lets a process have no more than `share` of a core from now on; false where the kernel refuses. */
  limit(pid: number, share: number): boolean
  /** Takes back what was made, once the processes have ended. */
  end(): void
}

/**
 * Shares of cores, for a machine with too few of them: two processes that may use a third of one
 * each find room for both.
 */
export function coreShares(): CoreShares {
  const made: string[] = []
  const found = interfaces.find(({ root }) => existsSync(join(root, 'cgroup.procs')))
  return {
    limit(pid, share) {
      if (!found) return false
      const group = join(found.root, `bench-${pid}`)
      try {
        mkdirSync(group)
        made.push(group)
        const files = { ...found.limit(Math.round(share * periodUs)), 'cgroup.procs': String(pid) }
        for (const [name, text] of Object.entries(files)) writeFileSync(join(group, name), text)
        return true
      } catch {
        return false
      }
    },
    end() {
      for (const group of made.splice(0)) {
        try {
          rmdirSync(group)
        } catch {
          // A process has left another in it; the group stays, and limits nobody else.
        }
      }
    },
  }
}
