import { lastLine } from '../proof.ts'
import type { Said } from '../relays.ts'
import type { Heard } from '../load.ts'
import type { Episode } from '../timeline.ts'
import { keepCalling } from './load.ts'
import type { Stage } from './stage.ts'
import type { Version } from './versions.ts'

/** What was done, and whether it came as it must. */
type Step = { what: string; seen: string; isRight: boolean }

/** All that is seen of two versions, and what clients heard meanwhile. */
export class Record {
  readonly heard: Heard[] = []
  readonly episodes: Episode[] = []
  private readonly steps: Step[] = []

  constructor(
    private readonly stage: Stage,
    private readonly say: (line: string) => void,
  ) {}

  get isRight() {
    return this.steps.every((step) => step.isRight)
  }

  get seconds() {
    const ms = this.episodes.reduce((sum, { from, to }) => sum + to - from, 0)
    return Math.round(ms / 1_000)
  }

  note(step: Step) {
    this.steps.push(step)
    this.say(`  ${step.isRight ? 'right' : 'WRONG'}  ${step.what}: ${step.seen}`)
  }

  /** Does `work` under load. */
  async during<T>(what: string, secret: string, work: () => Promise<T>): Promise<T> {
    const from = Date.now()
    const load = keepCalling(this.stage.balancer, secret)
    const result = await work().finally(() => load.end())
    this.heard.push(...load.heard)
    const note = `${load.heard.length} calls`
    this.episodes.push({ what, from, to: Date.now(), mayRefuse: false, note })
    return result
  }

  async verify(version: Version): Promise<Said> {
    const said = await this.stage.cli(version, 'verify')
    const seen = `exit ${said.status}, ${lastLine(said)}`
    this.note({ what: `\`verify\` of ${version.name}`, seen, isRight: said.status === 0 })
    return said
  }

  lines(): string[] {
    return [
      '| in both orders | seen |',
      '|---|---|',
      ...this.steps.map(
        ({ what, seen, isRight }) => `| ${what} | ${isRight ? '' : '**wrong**: '}${seen} |`,
      ),
    ]
  }
}
