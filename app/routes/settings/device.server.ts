// The first that fits: Edge and Opera call themselves Chrome too, and Chrome calls itself Safari.
const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\//, 'Firefox'],
  [/\b(Headless)?Chrome\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
]
const systems: [RegExp, string][] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
]
const nameIn = (list: [RegExp, string][], text: string) =>
  list.find(([form]) => form.test(text))?.[1]

/** A program that somebody signed in with; null is what is not known of it. */
export type Device = { browser: string | null; system: string | null }

/** A user agent in a few words, or what it calls itself where it is none we know. */
export function deviceOf(userAgent: string | null): Device {
  if (!userAgent) return { browser: null, system: null }
  const [browser, system] = [nameIn(browsers, userAgent), nameIn(systems, userAgent)]
  if (!browser) return { browser: userAgent.slice(0, 60), system: null }
  return { browser, system: system ?? null }
}
