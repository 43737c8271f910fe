import { readCliEnv } from '../../app/config/env.ts'
import { demosRunning } from '../command/environment.ts'
import type { RunningDemo } from './demo-upstreams.ts'
import { makeLocalDeveloper } from './make-local-developer.ts'

// Makes the local developer with a key and some credit, once; says on stdout what it made.
const made = await makeLocalDeveloper(readCliEnv(), JSON.parse(demosRunning()) as RunningDemo[])
process.stdout.write(`${JSON.stringify(made)}\n`)
