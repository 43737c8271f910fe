import assert from 'node:assert/strict'

/** What a test needs to be there, and knows to be; fails the test where it is not. */
export function present<T>(value: T, what = 'what the test needs'): NonNullable<T> {
  assert.ok(value !== undefined && value !== null, `${what} is not there`)
  return value
}
