import { childEnvironment } from './command/environment.ts'
import { findProgram } from './servers/programs.ts'
import type { Servers } from './servers/servers.ts'

/** Only the servers of this run: a developer's own database and upstream stay out of reach. */
export function testEnvironment(servers: Servers): NodeJS.ProcessEnv {
  return childEnvironment({
    TEST_DATABASE_URL: servers.mariadb?.url(),
    TEST_REDIS_URL: servers.redisUrl,
    CHROMIUM_PATH: findProgram('chromium'),
    NODE_ENV: 'test',
    DATABASE_URL: undefined,
    REDIS_URL: undefined,
    OPENAI_ALLOW_MEMBERS: undefined,
    OPENAI_API_KEY: undefined,
    OPENAI_BASE_URL: undefined,
    OPENAI_READ_ON_SECONDS: undefined,
    SESSION_SECRET: undefined,
    APP_URL: undefined,
    PORT: undefined,
    DATA_DIR: undefined,
    GITHUB_API_URL: undefined,
    GITHUB_AUTHORIZE_URL: undefined,
    GITHUB_CLIENT_ID: undefined,
    GITHUB_CLIENT_SECRET: undefined,
    GITHUB_TOKEN_URL: undefined,
    GOOGLE_AUTHORIZE_URL: undefined,
    GOOGLE_CLIENT_ID: undefined,
    GOOGLE_CLIENT_SECRET: undefined,
    GOOGLE_TOKEN_URL: undefined,
    GOOGLE_USERINFO_URL: undefined,
    WELCOME_CREDIT_USD: undefined,
    HTTP_PROXY: undefined,
    HTTPS_PROXY: undefined,
    NO_PROXY: undefined,
    http_proxy: undefined,
    https_proxy: undefined,
    no_proxy: undefined,
  })
}
