import { contrast, formatColour, mixed, parseColour } from '../../values/site/colour.ts'

type Colour = NonNullable<ReturnType<typeof parseColour>>

const white: Colour = [255, 255, 255]
const black: Colour = [0, 0, 0]
/** Grounds of dark pages: that of cards, and the one that is nearest to the text on it. */
const darkSurface: Colour = [0x16, 0x1d, 0x1a]
const darkSunken: Colour = [0x1d, 0x26, 0x22]

/** What text needs, and a little more: rounding must not take it away. */
const least = 4.6

/** A colour with ever more of another in it, until it can be read on all of these. */
function readable(colour: Colour, towards: Colour, on: readonly Colour[]): Colour {
  for (let share = 0; share < 1; share += 0.02) {
    const tried = mixed(colour, towards, share)
    if (on.every((ground) => contrast(tried, ground) >= least)) return tried
  }
  return towards
}

const variables = (colours: Record<string, Colour>) =>
  Object.entries(colours)
    .map(([name, colour]) => `--${name}:${formatColour(colour)}`)
    .join(';')

/** The accent of light and dark pages, made of one colour that can be read on a light page. */
export function brandColours(colour: Colour) {
  const soft = readable(mixed(colour, white, 0.85), white, [colour])
  const darkSoft = mixed(darkSurface, colour, 0.3)
  const lit = readable(colour, white, [darkSurface, darkSunken, darkSoft])
  return {
    light: {
      accent: colour,
      'accent-strong': mixed(colour, black, 0.25),
      'accent-soft': soft,
      'on-accent': white,
    },
    dark: {
      accent: lit,
      'accent-strong': mixed(lit, white, 0.3),
      'accent-soft': darkSoft,
      'on-accent': readable(mixed(colour, black, 0.8), black, [lit]),
    },
  }
}

/** The sheet that gives every page this colour, in both themes; undefined for what is no colour. */
export function brandSheet(text: string): string | undefined {
  const colour = parseColour(text)
  if (!colour) return undefined
  const { light, dark } = brandColours(colour)
  return [
    `:root{${variables(light)}}`,
    `@media screen and (prefers-color-scheme:dark){:root:not([data-theme=light]){${variables(dark)}}}`,
    `@media screen{:root[data-theme=dark]{${variables(dark)}}}`,
  ].join('\n')
}
