/** A pattern that ends so stands for every model whose name begins with what is before it. */
const anyEnd = '*'

/** Whether a list of models, as JSON, has this one: by its name, or by how it begins; null has all. */
export const covers = (models: string | null, model: string): boolean =>
  models === null ||
  (JSON.parse(models) as string[]).some((pattern) =>
    pattern.endsWith(anyEnd) ? model.startsWith(pattern.slice(0, -1)) : model === pattern,
  )
