import { faultOfHost } from './addresses.ts'

/**
 * Ports at which something else than HTTP listens, as browsers refuse them
 * (https://fetch.spec.whatwg.org/#port-blocking).
 */
const portsOfOthers = new Set(
  (
    '1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 ' +
    '113 115 117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 ' +
    '548 554 556 563 587 601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 ' +
    '6566 6665 6666 6667 6668 6669 6679 6697 10080'
  ).split(' '),
)

/** What is wrong with the parts of an address, in words; undefined where nothing is. */
function faultOfParts(url: URL, isPrivate: boolean): string | undefined {
  if (url.username || url.password)
    return 'must hold no user and no password: keys are added by `relay upstream key add`'
  if (url.search) return 'must hold no query: what belongs to every call goes into `query`'
  if (url.protocol === 'http:' && !isPrivate)
    return 'must begin with https://, or the upstream must be private: plain http shows the key to whoever is between'
  if (url.hostname.endsWith('.')) return 'must hold a host that does not end in a dot'
  if (url.port === '0' || portsOfOthers.has(url.port))
    return `must hold another port: ${url.port} is not one at which HTTP is served`
  return faultOfHost(url.hostname, isPrivate)
}

/**
 * What is wrong with an address that calls are to go to, in words that follow its name; undefined
 * where nothing is. Where it leads is looked at when it is dialled.
 */
export function faultOfBaseUrl(text: string, isPrivate: boolean): string | undefined {
  // What `new URL` would take out, or turn round, in silence.
  if (!/^[!-~]+$/.test(text) || text.includes('\\'))
    return 'must be an address without spaces, backslashes and letters beyond ASCII'
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol))
    return 'must be an address that begins with https:// or http://'
  if (text.includes('#')) return 'must hold no #'
  return faultOfParts(new URL(text), isPrivate)
}
