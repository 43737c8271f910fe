/** What a model is called for. */
export const modelKinds = ['chat', 'embedding', 'moderation'] as const
export type ModelKind = (typeof modelKinds)[number]
