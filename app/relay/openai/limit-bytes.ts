import { limits } from '../../config/limits.ts'
import { withoutBlanks, type Scan } from '../text/json-members.ts'

type Limited = {
  raw: Buffer
  scan: Pick<Scan, 'members'>
  /** The members in which the client names a limit. */
  limitMembers: readonly string[]
  /** The most that a limit may be which is said in their place. */
  most: number
}

/** How many bytes more a body may have that says another limit, or one at all. */
export function limitBytes({ raw, scan, limitMembers, most }: Limited): number {
  if (limitMembers.length === 0) return limits.tokens.limitMemberBytes
  const digits = String(most).length
  // 1e4 is shorter than 9999.
  const more = limitMembers.map((name) => {
    const member = scan.members.get(name)
    if (!member) return 0
    const { from, to } = withoutBlanks(raw, member)
    return Math.max(0, digits - (to - from))
  })
  return more.reduce((sum, bytes) => sum + bytes, 0)
}
