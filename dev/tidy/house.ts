/** A folder or a single file, by its path from the project's root, and what it is for. */
type Room = { at: string; is: string }

/**
 * The house, lowest floor first. A room takes things from lower floors only: neither from above nor
 * from its neighbours. So whoever stands on a floor may be changed without looking up, and
 * whatever is put low on purpose (`ui` below the configuration, say) cannot reach for what is high.
 *
 * A file belongs to the room with the longest path that holds it: `app/relay/text` is a room of its
 * own inside `app/relay`. Rooms of one file are what others must know without knowing each other.
 */
export const floors: Room[][] = [
  rooms({ 'app/values': 'pure values and closed lists: money, call ids, days' }),
  rooms({
    'app/errors': 'the closed list of error codes, with status and words',
    'app/config': 'the environment, read once; every bound, with its reason',
    'app/ui': 'components that know no URL and no database',
  }),
  rooms({
    'app/telemetry': 'the log',
    'app/ui/account': 'components that show an account’s calls, keys and money',
    'app/paths.ts': 'every address of a page',
    'app/relay/text': 'events, JSON members, tokens: what bodies and streams are made of',
  }),
  rooms({
    'app/db': 'pool, lane, statements, migrations; names no table',
    'app/redis': 'the client, and every key that is written',
    'app/http': 'Node’s messages on one side, a light request and an answer on the other',
  }),
  rooms({
    'app/ledger': 'the only room that moves money',
    'app/guesses': 'what addresses and accounts have tried in vain',
  }),
  rooms({ 'app/account-log': 'changes of an account by people: who may, and what they did' }),
  rooms({
    'app/keys': 'secrets, who may call, revocation',
    'app/catalog': 'models and their dated prices',
  }),
  rooms({ 'app/upstreams': 'providers and how to reach them' }),
  rooms({
    'app/admin': 'what an operator changed, and who',
    'app/billing': 'balances, statements and pages of the ledger',
    'app/usage': 'the call history: pages, totals, charts, receipts, files',
  }),
  rooms({
    'app/price-import': 'published price lists, read and compared with what is known',
    'app/rates': 'how many requests, tokens and calls at once',
  }),
  rooms({
    'app/accounts': 'customers',
    'app/notices': 'what people and the operator are told, and how that is sent',
    'app/payments': 'what brings credit from outside: orders, who they are paid through, codes',
    'app/sample-history': 'a made-up past, booked through the ledger',
  }),
  rooms({
    'app/plans': 'what can be subscribed to, and who is',
    'app/teams': 'who is in an account, and as what',
  }),
  rooms({
    'app/services.ts': 'types of all that is made once: above what it names, below its users',
  }),
  rooms({
    'app/auth': 'people, sessions, the way to a provider and back',
    'app/relay/endpoint.ts': 'the type: all that the pipeline must know of an endpoint',
  }),
  rooms({
    'app/relay/openai': 'what endpoints of OpenAI’s dialect have in common',
    'app/relay/anthropic': 'the same of Anthropic’s',
  }),
  rooms({
    'app/relay/chat': 'the chat endpoint',
    'app/relay/messages': 'the messages endpoint, in Anthropic’s dialect',
    'app/relay/responses': 'responses, and their compaction',
  }),
  rooms({
    'app/relay/completions':
      'the completions of old, whose answers are a chat’s but for their text',
  }),
  rooms({
    'app/relay': 'the pipeline of one call, and the table of its endpoints',
    'app/pages': 'what every page shares',
  }),
  rooms({ 'app/api': 'what is under /v1: the door, models, balance, key check' }),
  rooms({
    'app/root.tsx': 'the frame of every page',
    'app/entry.server.tsx': 'how a page is written',
    'app/entry.client.tsx': 'how a page comes to life',
    'app/cli': 'the operator’s command line',
  }),
  rooms({ 'app/routes': 'one URL a file, one folder a page' }),
  rooms({ 'app/start': 'composition: what is made once, and in which order' }),
  rooms({
    'server.ts': 'environment, services, serve, drain',
    'eslint.config.js': 'what the linter asks for',
  }),
  // From here on nothing ships.
  rooms({
    'dev/command': 'how a command speaks, and what it takes from outside',
    'dev/fakes/tempers.ts': 'in what moods the demo upstreams are',
  }),
  rooms({
    'dev/servers': 'private MariaDB, Galera and Redis, processes, ports, packages',
    'dev/fakes/upstream': 'the demo upstream, with faults by request',
    'dev/fakes/mail': 'a mail server, with faults by recipient',
    'dev/fakes/providers': 'a GitHub and a Google, with faults by login name',
    'dev/fakes/payments': 'a Stripe and a gateway of epay’s kind, with faults by amount',
    'dev/tidy': 'what holds this house in order',
  }),
  rooms({ 'dev/languages': 'the texts of the pages: found, translated, put in their place' }),
  rooms({
    'dev/bundle': 'the build, made when what goes into it has changed',
    'playwright.config.ts': 'how the browser tests run',
  }),
  rooms({
    'vite.config.ts': 'how the pages are built',
    'dev/session': 'what npm start has running, and how it ends',
  }),
  rooms({ test: 'fixtures of the tests' }),
  rooms({
    'test/ledger': 'the ledger’s model, and processes that are killed',
    'test/failures': 'faults of the whole system',
    e2e: 'tests in a real browser',
    bench: 'benchmarks, with their peers',
  }),
  rooms({
    proof: 'two relays behind a proxy or on a cluster, and agents of others before one',
  }),
  rooms({ dev: 'the commands of package.json' }),
  rooms({
    'proof/engines': 'the tests of npm test, on every engine',
    'proof/money': 'what must hold of limits, payments, codes and plans, in full',
  }),
]

/** What may lie in `app/` itself; everything else has a room. */
export const looseInApp = [
  'root.tsx',
  'entry.client.tsx',
  'entry.server.tsx',
  'services.ts',
  'paths.ts',
  'styles.css',
]

function rooms(words: Record<string, string>): Room[] {
  return Object.entries(words).map(([at, is]) => ({ at, is }))
}

/** The room that holds the file at `path`. */
export function roomOf(path: string): string | undefined {
  const holding = floors.flat().filter(({ at }) => path === at || path.startsWith(`${at}/`))
  return holding.sort((a, b) => b.at.length - a.at.length)[0]?.at
}

/** How high a room lies, counted from the ground. */
export function floorOf(room: string): number {
  return floors.findIndex((floor) => floor.some(({ at }) => at === room))
}
