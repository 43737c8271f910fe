/** What the environment says of upstreams, as it was given. */
type Given = {
  OPENAI_API_KEY?: string | undefined
  OPENAI_BASE_URL?: string | undefined
  ANTHROPIC_API_KEY?: string | undefined
  ANTHROPIC_BASE_URL?: string | undefined
}

export const openaiUrl = 'https://api.openai.com/v1'
export const anthropicUrl = 'https://api.anthropic.com'

/**
 * Whether there is one by a key, or by an address alone, of one that asks for no key. What is no
 * address was meant to be one, and is refused where it is read.
 */
export function namesOpenai({ OPENAI_API_KEY, OPENAI_BASE_URL = openaiUrl }: Given): boolean {
  if (OPENAI_API_KEY !== undefined) return true
  return !URL.canParse(OPENAI_BASE_URL) || new URL(OPENAI_BASE_URL).host !== 'api.openai.com'
}

/**
 * Whether there is one that speaks Anthropic's messages. An address alone is none: Claude Code takes
 * its own from the same variable, and that may be this relay.
 */
export const namesAnthropic = ({ ANTHROPIC_API_KEY }: Given): boolean =>
  ANTHROPIC_API_KEY !== undefined

/** Whether the environment has an upstream. Without, all upstreams are in the database. */
export const namesUpstream = (given: Given): boolean => namesOpenai(given) || namesAnthropic(given)

const thisMachine = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/
const everywhere = ['0.0.0.0', '::']

type Here = { PORT?: number | undefined; HOST?: string | undefined; APP_URL?: string | undefined }

/** Whether an address is where this very relay answers. */
function isHere(address: string, { PORT, HOST = '', APP_URL }: Here): boolean {
  if (!URL.canParse(address)) return false
  const { origin, hostname, port, pathname } = new URL(address)
  if (!/^\/(v1\/?)?$/.test(pathname)) return false
  if (APP_URL !== undefined && origin === APP_URL) return true
  const listensThere = thisMachine.test(HOST) || everywhere.includes(HOST)
  return listensThere && thisMachine.test(hostname) && PORT !== undefined && port === String(PORT)
}

/** A relay that calls itself would hold money for one call again and again, until there is none. */
export function ownAddressFaults(given: Given, here: Here): string[] {
  const words = (name: string) => `${name}: is the address of this relay itself`
  const { OPENAI_BASE_URL = openaiUrl, ANTHROPIC_BASE_URL = anthropicUrl } = given
  return [
    ...(namesOpenai(given) && isHere(OPENAI_BASE_URL, here) ? [words('OPENAI_BASE_URL')] : []),
    ...(namesAnthropic(given) && isHere(ANTHROPIC_BASE_URL, here)
      ? [words('ANTHROPIC_BASE_URL')]
      : []),
  ]
}
