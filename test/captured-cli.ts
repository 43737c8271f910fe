import { runCli } from '../app/cli/cli.ts'

/** The command line in this process, as tests call it; what it writes is in the answer. */
export function capturedCli(
  env: Record<string, string | undefined>,
  now = () => new Date(),
  input = '',
) {
  return async (...args: string[]) => {
    let [out, err] = ['', '']
    const exitCode = await runCli(args, {
      env,
      now,
      calledAs: 'npm run relay --',
      out: (text) => void (out += text),
      err: (text) => void (err += text),
      input: () => Promise.resolve(input),
    })
    return { exitCode, out, err }
  }
}
