/**
 * The server and the pages are two bundles, and each has its own copy of a class: `instanceof` would
 * be false between them, and a refused transaction would be committed. A class that crosses says
 * `static [Symbol.hasInstance] = hasBrand('its name')` and carries the name as its `brand`.
 */
export const hasBrand = (name: string) => (value: unknown) =>
  typeof value === 'object' && value !== null && (value as { brand?: unknown }).brand === name
