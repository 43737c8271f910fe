/**
 * Counts who is at something, all together and each by a name: neither one alone nor all of them
 * may be any number.
 */
export class Places {
  private readonly byName = new Map<string, number>()
  private total = 0

  constructor(private readonly most: { allMax: number; eachMax: number }) {}

  /** Nobody finds a place, whoever they are. */
  get isFull() {
    return this.total >= this.most.allMax
  }

  /** Takes a place and answers how to leave it, once; undefined where there is none. */
  take(name: string): (() => void) | undefined {
    const own = this.byName.get(name) ?? 0
    if (own >= this.most.eachMax || this.isFull) return undefined
    this.byName.set(name, own + 1)
    this.total++
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.total--
      const left = (this.byName.get(name) ?? 1) - 1
      if (left === 0) this.byName.delete(name)
      else this.byName.set(name, left)
    }
  }
}

/**
 * Whose a connection is, as far as its address tells: of IPv6 the network, because whoever has one
 * address there has all of it.
 */
export function placeOf(address: string | undefined): string {
  if (address === undefined) return ''
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
  if (!v4.includes(':')) return v4
  const [bare = ''] = v4.split('%')
  const [head = '', tail] = bare.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  if (tail !== undefined) {
    while (groups.length + after.length < 8) groups.push('0')
    groups.push(...after)
  }
  return groups.slice(0, 4).join(':')
}
