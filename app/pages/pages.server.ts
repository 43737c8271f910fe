/** The public face of the pages room: what every page has in common. */
export { clientsOf } from './clients.ts'
export { requestIdOf } from './request-id.ts'
export {
  formOf,
  notFound,
  page,
  personalPage,
  requireRight,
  whoseCalls,
  type PageArgs,
  type PersonalArgs,
} from './page.ts'
export { limitAddress } from './limit-address.ts'
export { newFormToken, spendFormToken } from './form-token.ts'
export {
  findingIn,
  modelNames,
  pickableModels,
  readKeyFields,
  typedOf,
  type KeyErrors,
  type TypedKey,
} from './key-fields.ts'
export { capField, issueText, lineField, neededLineField } from './team-fields.ts'
export { ownDoor } from './own-door.ts'
export { findOwnKey } from './own-key.ts'
export { askAbout, findOwnOrder, planOfOrder, shownOrder, shownReversals } from './own-order.ts'
export { personalFile, streamFile } from './file.ts'
export { usageFile } from './usage-file.ts'
export { callRow } from './call-row.ts'
export { guardPage, isForwarded } from './guard.ts'
export { watchReader } from './reader.ts'
export { compressAnswer } from './compress.ts'
export { brandOf } from './site/brand.ts'
export { answerSiteFiles } from './site/site-files.ts'
export { languageCookie, languageOf } from './site/language.ts'
export { themeCookie, themeOf } from './site/theme.ts'
export { isDemoServing } from './demo.ts'
