/**
 * What a line of the log says beside its event. Callers name fields one by one: nothing is logged
 * whole, so that no prompt, answer, key or secret can come along.
 */
export type Fields = Record<string, string | number | boolean | null | undefined>
