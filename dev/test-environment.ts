import { settingNames } from '../app/config/env.ts'
import { childEnvironment, ownSettings } from './command/environment.ts'
import { findProgram } from './servers/programs.ts'
import type { Servers } from './servers/servers.ts'

/** Only the servers of this run: a developer's own database and upstream stay out of reach. */
export function testEnvironment(
  servers: Pick<Servers, 'mariadb' | 'redisUrl'>,
  databaseTemplate?: string,
): NodeJS.ProcessEnv {
  return childEnvironment({
    ...Object.fromEntries([...settingNames, ...ownSettings].map((name) => [name, undefined])),
    TEST_DATABASE_URL: servers.mariadb?.url(),
    TEST_DATABASE_TEMPLATE: databaseTemplate,
    TEST_REDIS_URL: servers.redisUrl,
    CHROMIUM_PATH: findProgram('chromium'),
    NODE_ENV: 'test',
  })
}
