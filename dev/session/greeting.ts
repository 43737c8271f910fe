import { tokenSignInPath } from '../../app/paths.ts'
import { demoModels } from './demo-names.ts'
import type { LocalDeveloper } from './session-children.ts'

type About = {
  isDemo: boolean
  hasLocalSignIn: boolean
  /** The names of demo upstreams among which calls have a choice. */
  demos: readonly string[]
}

/** What `npm start` prints once all runs: where it is, the key, and a line to try it with. */
export function greeting(
  url: string,
  developer: LocalDeveloper,
  { isDemo, hasLocalSignIn, demos }: About,
): string {
  const key = developer.firstStart ? developer.apiKey : '$RELAY_KEY'
  const about = developer.firstStart
    ? `Your API key   ${key}  (shown this once)`
    : 'Another key    npm run relay -- key create --account 1 --name NAME'
  const { signInToken } = developer
  return [
    '',
    `  AI API Relay   ${url}`,
    ...(hasLocalSignIn && signInToken !== undefined
      ? [
          `  Sign in        ${url}${tokenSignInPath(signInToken)}`,
          '                 (works once; npm run relay -- sign-in prints another)',
        ]
      : []),
    `  ${about}`,
    `  Upstream       ${isDemo ? 'the built-in demo, for what no other serves (relay upstream add, or OPENAI_API_KEY)' : 'yours'}`,
    ...(demos.length > 0
      ? [
          `  For ${demoModels[0].padEnd(10)} ${demos.join(', ')}`,
          '                 (npm run relay -- upstream list; README has what to do with them)',
        ]
      : []),
    '',
    `  ${curlLine(url, key)}`,
    '',
    '  Ctrl-C stops everything this started.',
    '',
  ].join('\n')
}

/** -N shows each piece of the answer as it arrives. */
function curlLine(url: string, key: string): string {
  const body = JSON.stringify({
    model: demoModels[0],
    stream: true,
    messages: [{ role: 'user', content: 'Hello' }],
  })
  return (
    `curl -N ${url}/v1/chat/completions -H "Authorization: Bearer ${key}" ` +
    `-H 'Content-Type: application/json' -d '${body}'`
  )
}
