/** Adds to the list that a map has for a key. */
export function addTo<K, V>(groups: Map<K, V[]>, key: K, value: V) {
  const group = groups.get(key)
  if (group) group.push(value)
  else groups.set(key, [value])
}
