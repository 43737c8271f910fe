import { bench } from '../bench/main.ts'
import { runCommand } from './announce.ts'

await runCommand(bench)
