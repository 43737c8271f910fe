/** What servers differ in that speak the same language: here, whether one is a node of a cluster. */

/** Whether a server is a node of Galera: every other knows no such variable, or has it off. */
export const asksForCluster = `show variables like 'wsrep_on'`

export const isCluster = (rows: unknown) =>
  Array.isArray(rows) && (rows as { Value: string }[]).some(({ Value }) => Value === 'ON')

/**
 * On a node, what is sent behind this waits until all that was committed anywhere before is here: a
 * transaction at its start, a read outside of one. Else a node answers with what it has, which may
 * be some moments old (docs/decisions/0042). It holds for one statement, so that no connection has
 * it by mistake; a cluster of another make takes it for a comment.
 */
const seesAll = '/*M!100102 set statement wsrep_sync_wait = 1 for */ '
export const seeingAll = (text: string) => seesAll + text

/** Whether a statement answers with what is there; others are checked against all nodes at COMMIT. */
export const isRead = (text: string) => /^\s*(?:select|with)\b(?![^]*\bfor update\b)/i.test(text)
