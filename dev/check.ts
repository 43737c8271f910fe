import { spawnSync } from 'node:child_process'

/** The gate, step by step; each one can be run alone by the same words. */
const steps = [
  { name: 'format', command: 'npx prettier --check .' },
  { name: 'lint', command: 'npx eslint .' },
  { name: 'types', command: 'npx tsc --noEmit' },
  {
    name: 'tidy',
    // The drawing comes first, so that whoever reads a failure has the house in front of them.
    command:
      'node --import tsx dev/tidy/print-drawing.ts && node --import tsx --test dev/tidy/*.test.ts dev/languages/*.test.ts',
  },
  { name: 'sql drift', command: 'npm test -- db/statements' },
  { name: 'test', command: 'npm test' },
]

/**
 * Run by its name alone: the first takes minutes, and needs nginx, HAProxy and a disk to mount; the
 * second needs programs of others, and a network of its own; the third takes a quarter of an hour.
 */
const proofs: Record<string, string> = {
  production: 'proof/main.ts',
  agents: 'proof/agents/main.ts',
  engines: 'proof/engines/main.ts',
  galera: 'proof/galera/main.ts',
  upgrades: 'proof/upgrades/main.ts',
  sleep: 'proof/sleep/main.ts',
  money: 'proof/money/main.ts',
}

// `npm run check` stops at the first step that fails; `npm run check -- lint` runs that one alone.
const wanted = process.argv.slice(2)
const proof = proofs[wanted[0] ?? '']
if (proof !== undefined) {
  const args = ['--import', 'tsx', proof, ...wanted.slice(1)]
  process.exit(spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1)
}
const names = steps.map(({ name }) => name)
const unknown = wanted.filter((word) => !names.includes(word))
if (unknown.length > 0) {
  const all = [...names, ...Object.keys(proofs)].join(', ')
  process.stderr.write(`There is no check of the name ${unknown.join(', ')}; there are ${all}.\n`)
  process.exit(2)
}
for (const { name, command } of steps) {
  if (wanted.length && !wanted.includes(name)) continue
  process.stdout.write(`\n== ${name}: ${command}\n`)
  const { status } = spawnSync(command, { shell: true, stdio: 'inherit' })
  if (status !== 0) {
    process.stdout.write(`\nThe gate is closed: ${name} failed.\n`)
    process.exit(status ?? 1)
  }
}
process.stdout.write('\nThe gate is open.\n')
