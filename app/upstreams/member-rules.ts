type Rules = {
  credential: { header: string } | null
  headers: Record<string, string>
  query: Record<string, string>
  members: {
    drop: string[]
    rename: Record<string, string>
    set: Record<string, unknown>
    pseudonymise?: string[] | undefined
  }
  limitMember: string | null
  usage: string
}
type Faults = { path: (string | number)[]; message: string }[]

/** What a call is: who changed it here would send another call than the one that was reckoned with. */
const ownMembers = ['model', 'stream', 'messages', 'input', 'prompt']
/** How much it may cost: `limitMember` says which of them there is. */
const limitMembers = ['max_tokens', 'max_completion_tokens', 'max_output_tokens']
/** What multiplies the cost, or brings the usage by which it is charged. */
const reckonedMembers = ['n', 'best_of', 'stream_options', 'service_tier']

/** Written by the relay itself, or about the connection. */
const ownHeaders = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'content-encoding',
  'transfer-encoding',
  'accept-encoding',
  'expect',
  'te',
  'trailer',
  'upgrade',
  'keep-alive',
]
/** Names under which keys go: a part of them that is `key`, or that speaks of rights. */
const secretHeader = /auth|^cookie$|(^|-)(api)?key(-|$)|token|secret|signature|credential/
const secretQuery =
  /auth|(^|[-_.])(api)?key([-_.]|$)|token|secret|^sig$|signature|credential|^code$/i

/** What is wrong with what is done to members of a request, and with what is sent beside it. */
export function memberFaults(all: Rules): Faults {
  const { members, limitMember, usage, credential, headers, query } = all
  const faults: Faults = []
  const refuse = (path: (string | number)[], message: string) => faults.push({ path, message })
  const isLimit = (name: string) => limitMembers.includes(name)
  const names = [
    ...members.drop.map((name) => ({ list: 'drop', name })),
    ...Object.entries(members.rename).flatMap(([from, to]) => [
      { list: 'rename', name: from },
      { list: 'rename', name: to },
    ]),
    ...Object.keys(members.set).map((name) => ({ list: 'set', name })),
    ...(members.pseudonymise ?? []).map((name) => ({ list: 'pseudonymise', name })),
  ]
  for (const { list, name } of names) {
    const path = ['members', list]
    if (ownMembers.includes(name)) refuse(path, `may not name ${name}: it is what the call is`)
    else if (isLimit(name) && !(list === 'drop' && limitMember !== null && limitMember !== name))
      refuse(path, `may not name ${name}: limitMember says what limits there, or that nothing does`)
    else if (list !== 'drop' && reckonedMembers.includes(name))
      refuse(path, `may not name ${name}: the call's cost was reckoned with what the client said`)
  }
  if (usage === 'asked' && members.drop.includes('stream_options'))
    refuse(['usage'], 'must be always or never where stream_options is dropped')
  for (const name of Object.keys(headers)) {
    if (ownHeaders.includes(name)) refuse(['headers'], `may not name ${name}: the relay writes it`)
    else if (name === credential?.header || secretHeader.test(name))
      refuse(['headers'], `may not name ${name}: keys are added by \`relay upstream key add\``)
  }
  for (const name of Object.keys(query)) {
    if (secretQuery.test(name))
      refuse(['query'], `may not name ${name}: keys are added by \`relay upstream key add\``)
  }
  return faults
}
