/**
 * What a demo upstream is like, whatever it is asked: each request meets the next of its moods, in
 * a circle. In this order, so that two of them have one that always answers.
 */
export const tempers = {
  steady: { is: 'quick, and always there', moods: [''] },
  slow: { is: 'slow, and always there', moods: ['[[slow:1500]]'] },
  moody: {
    is: 'every other call fails: 500, 429, an error as the first event, silence',
    moods: [
      '',
      '[[status:500]]',
      '',
      '[[error-event:0]]',
      '',
      '[[slow:60000]]',
      '',
      '[[status:429]]',
    ],
  },
} as const satisfies Record<string, { is: string; moods: readonly string[] }>

export type Temper = keyof typeof tempers
