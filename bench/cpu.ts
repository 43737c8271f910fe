import { readFileSync } from 'node:fs'
import { present } from '../test/present.ts'

/** The kernel's clock tick in /proc: a hundredth of a second on every Linux that Node runs on. */
const tickUs = 10_000

/** CPU time a process has used so far, all threads, in microseconds. */
function cpuUs(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * tickUs
}

/** Resident memory of a process, in bytes. */
export function rssBytes(pid: number): number {
  const kB = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Number(kB) * 1024
}

/** Runs `work` and answers, by name, the CPU time each process used meanwhile, in microseconds. */
export async function withCpu<T>(
  pids: Record<string, number>,
  work: () => Promise<T>,
): Promise<{ result: T; cpu: Record<string, number> }> {
  const before = Object.entries(pids).map(([name, pid]) => [name, cpuUs(pid)] as const)
  const result = await work()
  const cpu = before.map(([name, us]) => [name, cpuUs(present(pids[name])) - us] as const)
  return { result, cpu: Object.fromEntries(cpu) }
}
