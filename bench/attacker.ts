import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { present } from '../test/present.ts'
import { attacks, controls, type Target } from './attacks.ts'

// tsx attacker.ts PORT NAME FILE: one client that attacks until it is ended. It answers on its port,
// so that whoever has started it knows that it has begun.
const [port, name, file] = process.argv.slice(2).map((it) => present(it)) as [
  string,
  string,
  string,
]
present({ ...controls, ...attacks }[name])(JSON.parse(readFileSync(file, 'utf8')) as Target)
createServer((_, res) => res.end()).listen(Number(port), '127.0.0.1')
