const sayings: Record<string, string> = { gpt: 'GPT', deepseek: 'DeepSeek', glm: 'GLM' }

/** A model's id as people read it: `claude-haiku-4-5` is Claude Haiku 4.5; a date stays behind it. */
export function displayName(id: string): string {
  const date = /-(\d{8}|\d{4}-\d\d-\d\d)$/.exec(id)
  const words = (date ? id.slice(0, date.index) : id).replace(
    /(-\d{1,2})-(?=\d{1,2}(?:-|$))/,
    '$1.',
  )
  const shown = words
    .split('-')
    .map((word) => sayings[word] ?? word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ')
  return date ? `${shown} (${date[1]})` : shown
}
