/** The public face of the price import: published lists, read and compared with what is known. */
export { applyImport, planImport, type List } from './apply.ts'
export { importModels, planModels, type ModelOrder, type ModelPlan } from './model-import.ts'
export type { Entry, Plan, Wanted } from './plan.ts'
export { readList, listForms, type ListForm } from './read-list.ts'
export { fromFile, fromPackage, fromUrl, NoList } from './sources.ts'
export { readTheirList } from './their-list.ts'
