import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CannotContinue } from '../command/announce.ts'

/** Files: a certificate, its key, and the two in one. */
export type Certificate = { certificate: string; key: string; both: string }

/** A certificate that its maker has signed, for `localhost`. */
export function makeCertificate(dir: string): Certificate {
  const folder = join(dir, 'tls')
  mkdirSync(folder)
  const [certificate, key, both] = [
    join(folder, 'cert.pem'),
    join(folder, 'key.pem'),
    join(folder, 'relay.pem'),
  ]
  const names = 'subjectAltName=DNS:localhost,IP:127.0.0.1'
  const args = 'req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost -addext'.split(' ')
  args.push(names, '-keyout', key, '-out', certificate)
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' })
  if (status !== 0) throw new CannotContinue(`openssl could not make a certificate:\n${stderr}`)
  writeFileSync(both, readFileSync(certificate, 'utf8') + readFileSync(key, 'utf8'))
  return { certificate, key, both }
}
