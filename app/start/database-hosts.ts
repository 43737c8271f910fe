import type { Env } from '../config/env.ts'
import { hostsOf, type Hosts } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'

/** Chooses among the hosts of the database for a process, and says each change in one line. */
export const processHosts = ({ DATABASE_URL, ALLOW_UNSAFE_DATABASE }: Env, log: Log): Hosts =>
  hostsOf(DATABASE_URL, {
    allowUnsafe: ALLOW_UNSAFE_DATABASE,
    onMove: (move) => log.warn('database_host_changed', move),
    onAway: (host, why) => log.warn('database_host_away', { host, why }),
    onBack: (host) => log.info('database_host_back', { host }),
  })
