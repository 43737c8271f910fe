/** The door of the usage room: what was called, and what it cost. */
export { listRecentCalls, type RecentCall, type RecentFilter } from './recent.ts'
