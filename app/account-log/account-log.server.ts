/** The public face of the account log: what people changed in an account, each change with its row. */
export { listAccountLog, logAccount } from './log.ts'
