import { bench } from '../bench/main.ts'
import { runCommand } from './command/announce.ts'

await runCommand(bench)
