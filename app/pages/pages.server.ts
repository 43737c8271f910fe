/** The door of the pages room: what every page has in common, and what the first ones read. */
export { requestIdOf } from './request-id.ts'
export { page, personalPage, notFound, type PageArgs, type PersonalArgs } from './page.ts'
export { readOverview, type Overview } from './overview.ts'
export { newFormToken } from './form-token.ts'
export { createKeyFromForm } from './new-key-form.ts'
