import { apiTable } from '../../api/api.server.ts'
import { limits } from '../../config/limits.ts'
import { errorList } from '../../errors/errors.ts'
import { clientsOf } from '../../pages/pages.server.ts'
import { endpoints } from '../../relay/relay.server.ts'
import type { PageServices } from '../../services.ts'
import { snippetsFor } from '../../ui/snippets.ts'

const MiB = 1024 * 1024

/** Each path of the API as people write it, with how it is called; once, where there are two. */
export const calledPaths = (): string[] =>
  apiTable
    .filter(({ path }) => path.startsWith('/v1/'))
    .map(({ path, methods }) => `${methods.join(' or ')} ${path.replace(/:(\w+)/g, '{$1}')}`)

const bodies = () =>
  endpoints.map(({ path, limits: { bodyBytesMax } }) => ({ path, MiB: bodyBytesMax / MiB }))

/** All of the documentation that is not words: what the code's own tables say. */
export function readDocs(services: PageServices) {
  const clients = clientsOf(services)
  return {
    address: services.env.APP_URL,
    snippets: snippetsFor(clients).filter(({ name }) => ['curl', 'python', 'node'].includes(name)),
    paths: calledPaths(),
    errors: errorList,
    bodies: bodies(),
    limits: {
      outputTokensLeast: limits.responses.outputTokensLeast,
      storedDays: limits.responses.stored.days,
      pingSeconds: limits.stream.pingEveryMs / 1_000,
      readOnSeconds: services.env.OPENAI_READ_ON_SECONDS,
      totalMinutes: limits.upstream.totalMsMax / 60_000,
    },
  }
}
