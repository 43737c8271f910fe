import { countTokens, countTokensNow } from './text/tokens.ts'
import { dataOf, firstEventEnd } from './text/events.ts'

type Call = { function?: { name?: unknown; arguments?: unknown } }
type Delta = {
  content?: unknown
  refusal?: unknown
  reasoning_content?: unknown
  reasoning?: unknown
  tool_calls?: unknown
  function_call?: { name?: unknown; arguments?: unknown }
}
type Choice = { index?: unknown; delta?: Delta; message?: Delta }

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** What a choice says, in the forms that providers charge as output. */
function textOfChoice({ delta, message }: Choice): string {
  const said = delta ?? message
  if (typeof said !== 'object' || said === null) return ''
  const calls = Array.isArray(said.tool_calls) ? (said.tool_calls as Call[]) : []
  const functions = [said.function_call, ...calls.map((call) => call?.function)]
  const called = functions.map((it) => text(it?.name) + text(it?.arguments)).join('')
  const reasoning = text(said.reasoning_content) || text(said.reasoning)
  return text(said.content) + text(said.refusal) + reasoning + called
}

/** All that the choices of a completion, or of one chunk of it, say. */
export function textsOf(completion: unknown): Map<number, string> {
  const texts = new Map<number, string>()
  const choices = (completion as { choices?: unknown } | null)?.choices
  if (!Array.isArray(choices)) return texts
  for (const choice of choices as Choice[]) {
    const said = typeof choice === 'object' && choice !== null ? textOfChoice(choice) : ''
    const index = Number(choice?.index ?? 0) || 0
    if (said) texts.set(index, (texts.get(index) ?? '') + said)
  }
  return texts
}

/** Text of this length is counted and let go; a token never spans the cut by more than itself. */
const countedAtChars = 16_384

/**
 * What has been delivered of a stream, for the case that the upstream never says how much it was.
 * The events are kept as they came and only looked into when they grow too many, or at the end.
 */
export class Uncounted {
  private kept: Buffer[] = []
  private keptBytes = 0
  private readonly texts = new Map<number, string>()
  private counted = 0

  constructor(private readonly uncountedBytesMax: number) {}

  add(events: Buffer) {
    this.kept.push(events)
    this.keptBytes += events.length
    if (this.keptBytes > this.uncountedBytesMax) this.fold()
  }

  /** Drops what was kept: the upstream has given its own figures. */
  forget() {
    this.kept = []
    this.keptBytes = 0
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
    this.forget()
    for (const [index, said] of this.texts) {
      if (said.length < countedAtChars) continue
      const cut = said.lastIndexOf(' ')
      const whole = cut > 0 ? said.slice(0, cut) : said
      this.counted += countTokensNow(whole)
      this.texts.set(index, said.slice(whole.length))
    }
  }

  private addText(event: Buffer) {
    const data = dataOf(event)
    if (!data?.startsWith('{')) return
    let chunk: unknown
    try {
      chunk = JSON.parse(data)
    } catch {
      // Half an event is no text anybody could read.
      return
    }
    for (const [index, said] of textsOf(chunk)) {
      this.texts.set(index, (this.texts.get(index) ?? '') + said)
    }
  }
}
