/** What the key is called that comes with a new account. */
export const firstKeyName = 'First key'
