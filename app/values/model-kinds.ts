/** What a model is called for. */
export const modelKinds = ['chat', 'completion', 'embedding', 'moderation'] as const
export type ModelKind = (typeof modelKinds)[number]
