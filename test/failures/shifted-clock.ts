/** The clock of this process's machine, as the process sees it, which is off by so much. */
export const shifted = { ms: 0 }

/** Has `Date` go by `shifted` from now on. What never jumps, `performance.now()`, goes on as it was. */
export function shiftDates(): void {
  const trueDate = Date
  const now = () => trueDate.now() + shifted.ms
  globalThis.Date = new Proxy(trueDate, {
    construct: (target, args: [number?], made) =>
      Reflect.construct(target, args.length ? args : [now()], made) as Date,
    get: (target, key, receiver) =>
      key === 'now' ? now : (Reflect.get(target, key, receiver) as unknown),
  })
}
