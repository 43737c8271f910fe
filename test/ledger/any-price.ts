import fc from 'fast-check'
import type { TermsNow } from '../../app/catalog/catalog.server.ts'
import type { Usage } from '../../app/ledger/ledger.server.ts'
import { units, type OtherUnits, type Unit } from '../../app/values/units.ts'

const price = fc.oneof(
  fc.integer({ min: 0, max: 180_000_000_000 }),
  fc.constantFrom(0, 1, 999_999, 1_000_000_000_000_000),
)
const whole = ['input', 'output'] as const
const anyPrices = fc.record<Record<Unit, number>, (typeof whole)[number]>(
  Object.fromEntries(units.map((unit) => [unit, price])) as Record<Unit, typeof price>,
  { requiredKeys: [...whole] },
)

/** Prices of any units in three tiers, and two service tiers. */
export const anyTerms = fc
  .record({
    all: fc.tuple(anyPrices, anyPrices, anyPrices),
    bound: fc.integer({ min: 1, max: 500_000 }),
    further: fc.integer({ min: 1, max: 500_000 }),
    fast: fc.integer({ min: 1, max: 40_000 }),
    flex: fc.integer({ min: 1, max: 10_000 }),
  })
  .map(({ all: [low, middle, high], bound, further, fast, flex }): TermsNow => ({
    tiers: [
      { upToInputTokens: bound, prices: low },
      { upToInputTokens: bound + further, prices: middle },
      { upToInputTokens: null, prices: high },
    ],
    basisPoints: { fast, flex },
    serviceTiers: ['fast', 'flex'],
  }))

export const anyServiceTier = fc.constantFrom(null, 'auto', 'default', 'fast', 'flex', 'unheard of')

export const anyFactor = fc.oneof(
  fc.constant(10_000),
  fc.constantFrom(1, 9_999, 10_001, 1_000_000),
  fc.integer({ min: 1, max: 30_000 }),
)

const some = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, fc.nat(1_000_000), fc.nat(9))
const few = fc.nat(20)
const more = fc.option(
  fc.record<Required<OtherUnits>, never>(
    {
      cacheWrite1h: some,
      inputAudio: some,
      cachedInputAudio: some,
      outputAudio: some,
      inputImage: some,
      outputImage: some,
      searches: few,
      requests: few,
      seconds: few,
      characters: some,
      images: few,
    },
    { requiredKeys: [] },
  ),
  { nil: undefined },
)

const whatever = fc.record({
  inputTokens: some,
  cachedTokens: some,
  cacheWriteTokens: some,
  outputTokens: some,
  reasoningTokens: some,
  more,
})
const part = fc.double({ min: 0, max: 1, noNaN: true })
/** As providers report it: every part is of what the others have left. */
const sensible = fc
  .record({
    input: fc.nat(1_000_000),
    output: fc.nat(300_000),
    parts: fc.array(part, { minLength: 10, maxLength: 10 }),
  })
  .map(({ input, output, parts }) => {
    let at = 0
    const of = (whole: number) => Math.floor(whole * (parts[at++] ?? 0))
    const cachedTokens = of(input)
    const cacheWriteTokens = of(input - cachedTokens)
    const plain = input - cachedTokens - cacheWriteTokens
    const cachedInputAudio = of(cachedTokens)
    const freshAudio = of(plain)
    const reasoningTokens = of(output)
    const outputAudio = of(output - reasoningTokens)
    return {
      inputTokens: input,
      cachedTokens,
      cacheWriteTokens,
      outputTokens: output,
      reasoningTokens,
      more: {
        cacheWrite1h: of(cacheWriteTokens),
        cachedInputAudio,
        inputAudio: cachedInputAudio + freshAudio,
        inputImage: of(plain - freshAudio),
        outputAudio,
        outputImage: of(output - reasoningTokens - outputAudio),
        searches: of(9),
      },
    }
  })

/** What any dialect may report, and worse: parts that do not fit into their whole. */
export const anyUsed: fc.Arbitrary<Omit<Usage, 'source' | 'flag'>> = fc.oneof(whatever, sensible)
