import type { Temper } from '../fakes/tempers.ts'

/** What a demo upstream of this temper is called in the database. */
export const demoName = (temper: Temper) => `demo-${temper}`

/** What they serve; all other models stay with the built-in demo. */
export const demoModels = ['gpt-4o-mini', 'gpt-4o'] as const
