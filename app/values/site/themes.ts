/** How light pages are, in the order in which people are offered it. */
export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export const isTheme = (text: string): text is Theme => themes.some((theme) => theme === text)
