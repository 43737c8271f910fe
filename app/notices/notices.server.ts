/** The public face of the notices room: what people and the operator are told, and how that is sent. */
export { askForAddress, askForTest, confirmAddress, forgetAddress } from './asked.ts'
export { chooseThreshold, listDeliveries, readChoices, setChoices, stopMail } from './choices.ts'
export { deleteOldNotices } from './clean.ts'
export { Notifier } from './notifier.ts'
export { readStop } from './proofs.ts'
export { noteDifferences, noteOldHolds, noteOpen } from './troubles.ts'
export { readWebhook, removeWebhook, rotateWebhook, setWebhook } from './webhooks.ts'
export { wordsOf, type Fact } from './words.ts'
