import { spawnSync } from 'node:child_process'
import { childEnvironment } from '../dev/command/environment.ts'

/**
 * Has a model served by so many upstreams instead of the environment's, each at this address, by the
 * commands that an operator would use. A relay takes them in within seconds.
 */
export function serveByMany(
  databaseUrl: string,
  { url, model, many }: { url: string; model: string; many: number },
) {
  for (let i = 1; i <= many; i++) {
    const name = `upstream-${i}`
    relay(databaseUrl, 'add', name, '--preset', 'vllm', '--url', url, '--private')
    relay(databaseUrl, 'serve', name, model)
  }
}

function relay(databaseUrl: string, ...words: string[]) {
  const args = ['--import', 'tsx', 'app/cli/main.ts', 'upstream', ...words]
  const { status } = spawnSync(process.execPath, args, {
    env: childEnvironment({ DATABASE_URL: databaseUrl }),
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`relay upstream ${words.join(' ')} ended with ${status}`)
}
