import { z } from 'zod'
import { Definition } from './definition.ts'
import known from './presets.json' with { type: 'json' }

const Preset = z.object({
  name: z.string(),
  title: z.string(),
  /** What an operator must know of it, and what of it nobody has checked lately. */
  note: z.string(),
  /** Its base URL is an example: everybody has their own. */
  needsUrl: z.boolean(),
  definition: Definition,
})
type Preset = z.output<typeof Preset>

/** What is known of providers, as definitions to begin with. */
export const readPresets = (): Preset[] => z.array(Preset).parse(known)
