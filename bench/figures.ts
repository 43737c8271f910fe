export const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN

export const percentile = (values: number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ??
  Number.NaN

/** How far apart the runs are: half of what lies between the outermost, in parts of the median. */
export const spread = (values: number[]): number =>
  (Math.max(...values) - Math.min(...values)) / 2 / median(values)

export const count = (value: number): string => Math.round(value).toLocaleString('en-US')
export const ratio = (value: number): string => value.toFixed(2)
export const percent = (value: number): string => `${Math.round(value * 100)} %`

/** Markdown; the first column is words, all others are figures. */
export function table(heads: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map((_, i) => (i ? '--:' : '---'))), ...rows.map(line)]
}

/** A goal with what came of it, as a line of a list. */
export const goal = (what: string, value: number, atLeast: number): string =>
  `- ${what}: ${ratio(value)} (goal: at least ${atLeast}) ${value >= atLeast ? '✓' : '✗'}`
export const bound = (what: string, value: number, atMost: number): string =>
  `- ${what}: ${ratio(value)} (goal: at most ${atMost}) ${value <= atMost ? '✓' : '✗'}`
