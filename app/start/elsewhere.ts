import type { IncomingMessage, ServerResponse } from 'node:http'

/** Serves everything that is not the API, such as the pages. */
export type Elsewhere = {
  handle(incoming: IncomingMessage, res: ServerResponse): Promise<void>
  stop(): Promise<void>
}
