import { limits } from '../config/limits.ts'
import type { StreamForm } from './endpoint.ts'
import { firstEventEnd } from './text/events.ts'
import { countTokens, countTokensNow } from './text/tokens.ts'

/**
 * What has been delivered of a stream, for the case that the upstream never says how much it was.
 * The events are kept as they came and only looked into when they grow too many, or at the end.
 */
export class Uncounted {
  private kept: Buffer[] = []
  private keptBytes = 0
  private readonly texts = new Map<number, string>()
  private counted = 0

  constructor(
    private readonly uncountedBytesMax: number,
    private readonly form: Pick<StreamForm, 'textsOf'>,
  ) {}

  add(events: Buffer) {
    this.kept.push(events)
    this.keptBytes += events.length
    if (this.keptBytes > this.uncountedBytesMax) this.fold()
  }

  /** Tokens of all delivered text. */
  async tokens(): Promise<number> {
    this.fold()
    let tokens = this.counted
    for (const said of this.texts.values()) tokens += await countTokens(said)
    return tokens
  }

  private fold() {
    for (const events of this.kept) {
      for (let from = 0; from < events.length;) {
        const end = firstEventEnd(events, from) || events.length
        this.addText(events.subarray(from, end))
        from = end
      }
    }
    this.kept = []
    this.keptBytes = 0
    for (const [index, said] of this.texts) {
      if (said.length < limits.tokens.uncountedCharsMax) continue
      const cut = said.lastIndexOf(' ')
      const whole = cut > 0 ? said.slice(0, cut) : said
      this.counted += countTokensNow(whole)
      this.texts.set(index, said.slice(whole.length))
    }
  }

  private addText(event: Buffer) {
    for (const [index, said] of this.form.textsOf(event)) {
      this.texts.set(index, (this.texts.get(index) ?? '') + said)
    }
  }
}
