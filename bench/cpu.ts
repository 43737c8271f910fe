import { readdirSync, readFileSync } from 'node:fs'
import { present } from '../test/present.ts'

/** The kernel's clock tick in /proc: a hundredth of a second on every Linux that Node runs on. */
const tickUs = 10_000

/** What the kernel says of a process or a thread, behind its name; undefined where it has ended. */
function statOf(of: string): string[] | undefined {
  try {
    const stat = readFileSync(`/proc/${of}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

const usOf = (fields: string[]) => (Number(fields[11]) + Number(fields[12])) * tickUs

/** CPU time a process has used so far, all threads, in microseconds. */
export const cpuUs = (pid: number): number => usOf(present(statOf(String(pid))))

/** A process and those that it has started. */
export const familyOf = (pid: number): number[] => [
  pid,
  ...readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(statOf(name)?.[1]) === pid)
    .map(Number),
]

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

export type Cpu = { main: number; nice: number; rest: number }

/** The same by thread, in microseconds: the first one, those that let others go first, all others. */
export function threadsUs(pid: number): Cpu {
  const cpu = { main: 0, nice: 0, rest: 0 }
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const fields = statOf(`${pid}/task/${thread}`)
    if (!fields) continue
    const kind = Number(thread) === pid ? 'main' : Number(fields[16]) > 0 ? 'nice' : 'rest'
    cpu[kind] += usOf(fields)
  }
  return cpu
}
