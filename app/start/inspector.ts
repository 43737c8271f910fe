/**
 * SIGUSR1 opens Node's inspector, through which whoever may send it runs what they like in here. Where
 * somebody hears the signal it does nothing of itself. While modules load only Node's own flag helps
 * (--disable-sigusr1, from 22.14 and 23.7 on).
 */
export function keepInspectorShut() {
  process.on('SIGUSR1', () => undefined)
}
