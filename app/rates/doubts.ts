import { limits } from '../config/limits.ts'

/**
 * Who was refused last for what no limit knows, their key or their money. They are asked for that
 * first the next time: else what they take while it is decided would keep others out, who share
 * the limit and pay.
 */
export class Doubts {
  private readonly names = new Set<string>()

  has(name: string): boolean {
    return this.names.has(name)
  }

  add(name: string) {
    const [oldest] = this.names
    if (oldest !== undefined && this.names.size >= limits.rates.bucketsMax)
      this.names.delete(oldest)
    this.names.add(name)
  }

  remove(name: string) {
    this.names.delete(name)
  }
}
