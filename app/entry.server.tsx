import { PassThrough } from 'node:stream'
import {
  createReadableStreamFromReadable,
  type ActionFunctionArgs,
  type AppLoadContext,
  type EntryContext,
  type HandleDataRequestFunction,
  type LoaderFunctionArgs,
} from '@remix-run/node'
import { I18nProvider } from '@lingui/react'
import { isRouteErrorResponse, RemixServer } from '@remix-run/react'
import { renderToPipeableStream } from 'react-dom/server'
import { messages as english } from 'virtual:catalogue/en'
import { messages as chinese } from 'virtual:catalogue/zh-CN'
import { limits } from './config/limits.ts'
import { languageOf, requestIdOf } from './pages/pages.server.ts'
import { learn } from './ui/language/learn.ts'
import { speakerOf } from './ui/language/speakers.ts'
import { Nonce } from './ui/nonce.ts'
import type { Language } from './values/language/languages.ts'

declare module '@remix-run/server-runtime' {
  /** As in vite.config.ts: dates and the like arrive in the pages as what they are. */
  interface Future {
    v3_singleFetch: true
  }
}

learn('en', english)
learn('zh-CN', chinese)

/** Pages carry a nonce, and most of them somebody's money: no cache may keep one. */
function setPageHeaders(headers: Headers, context: AppLoadContext) {
  headers.set('cache-control', 'no-store')
  headers.set('x-request-id', requestIdOf(context))
}

/** As the frame was read, which knows the person; it is not where no route is asked. */
function languageIn({ staticHandlerContext }: EntryContext, request: Request): Language {
  const frame = staticHandlerContext.loaderData?.root as { language?: Language } | undefined
  return frame?.language ?? languageOf(request)
}

/** Renders a page. It goes out when all of it is there, so that its status is true of all of it. */
export default function handleRequest(
  request: Request,
  status: number,
  headers: Headers,
  remixContext: EntryContext,
  context: AppLoadContext,
) {
  let hasShell = false
  return new Promise<Response>((resolve, reject) => {
    const { pipe, abort } = renderToPipeableStream(
      <Nonce.Provider value={context.cspNonce}>
        <I18nProvider i18n={speakerOf(languageIn(remixContext, request))}>
          <RemixServer context={remixContext} url={request.url} nonce={context.cspNonce} />
        </I18nProvider>
      </Nonce.Provider>,
      {
        nonce: context.cspNonce,
        onAllReady() {
          clearTimeout(late)
          const body = new PassThrough()
          setPageHeaders(headers, context)
          headers.set('content-type', 'text/html; charset=utf-8')
          headers.append('vary', 'Accept-Language, Cookie')
          resolve(new Response(createReadableStreamFromReadable(body), { headers, status }))
          pipe(body)
        },
        onShellReady: () => void (hasShell = true),
        // React would write it to the console, whole. Without a shell it is told below.
        onError(error) {
          if (hasShell) noteFailure(error, { context })
        },
        onShellError(error) {
          clearTimeout(late)
          reject(error as Error)
        },
      },
    )
    const late = setTimeout(abort, limits.pages.renderMsMax)
  })
}

export const handleDataRequest: HandleDataRequestFunction = (response, { context }) => {
  setPageHeaders(response.headers, context)
  return response
}

type Failing = Pick<LoaderFunctionArgs, 'context'>

function noteFailure(error: unknown, { context }: Failing) {
  // A method, an address or an origin that is none of ours is whoever sent it to blame for.
  if (isRouteErrorResponse(error) && error.status < 500) return
  const { log, env } = context.services
  log.failed('render_failed', error, { request: requestIdOf(context) })
  if (env.RELAY_DEV) log.error('render_stack', { stack: String((error as Error).stack) })
}

/** Loaders and actions log their own failures (app/pages/page.ts); here come those of rendering. */
export function handleError(error: unknown, args: LoaderFunctionArgs | ActionFunctionArgs) {
  if (!args.request.signal.aborted) noteFailure(error, args)
}
