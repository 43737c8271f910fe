import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { after, test } from 'node:test'
import { childEnvironment } from './command/environment.ts'

const root = mkdtempSync(join(tmpdir(), 'relay-backup-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** Stands for MariaDB's programs: they note what they are asked, and say what the case needs. */
const programs = {
  mariadb: `echo "sql $*" >> "$NOTES"
case "$*" in *count*) echo 0 ;; *) cat >> "$NOTES" ;; esac`,
  'mariadb-dump': `case "$*" in *--help*) exit 0 ;; esac
echo "dump $*" >> "$NOTES"
echo "-- CHANGE MASTER TO MASTER_LOG_FILE='binlog.000001', MASTER_LOG_POS=42;"
[ -z "\${MEANWHILE:-}" ] || { sh -c "$MEANWHILE" >> "$NOTES" 2>&1; echo "meanwhile $?" >> "$NOTES"; }
[ -z "\${BREAKS:-}" ] || exit 3
echo '-- Dump completed'`,
  'mariadb-binlog': `echo "binlog $*" >> "$NOTES"
for each; do case $each in --result-file=*) into=\${each#--result-file=} ;; esac; done
[ -z "\${into:-}" ] || echo "..ms\${BEGUN:-1995}" > "\${into}binlog.000001"`,
}

let machines = 0

/** Folders of its own for one case, and `backup.sh` in them. */
function machine() {
  const dir = join(root, String(++machines))
  const [bin, backups, notes] = ['bin', 'backups', 'notes'].map((it) => join(dir, it)) as [
    string,
    string,
    string,
  ]
  mkdirSync(bin, { recursive: true })
  mkdirSync(backups)
  writeFileSync(notes, '')
  writeFileSync(join(dir, 'cnf'), '')
  writeFileSync(join(dir, 'env'), "DATABASE_URL='mysql://relay:x@127.0.0.1:3306/relay_restored'\n")
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  }
  const script = resolve('deploy/backup.sh')
  const run = (args: string[], more: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync('sh', [script, ...args], {
      encoding: 'utf8',
      env: childEnvironment({
        PATH: `${bin}:${process.env.PATH}`,
        NOTES: notes,
        BACKUPS: backups,
        BACKUP_CNF: join(dir, 'cnf'),
        RELAY_ENV: join(dir, 'env'),
        ...more,
      }),
    })
    return { status, text: stdout + stderr }
  }
  /** A dump of that moment, whole, with a log or without one. */
  const keep = (name: string, hasLog = true) => {
    const folder = join(backups, name)
    mkdirSync(folder)
    const text = `-- this is ${name}`
    const made = 'gzip > dump.sql.gz; echo "binlog.000001 42 relay" > place'
    const sums = 'sha256sum dump.sql.gz place > SHA256SUMS'
    spawnSync('sh', ['-c', `echo "${text}" | ${made}; ${sums}`], { cwd: folder })
    if (!hasLog) return
    mkdirSync(join(folder, 'binlog'))
    writeFileSync(join(folder, 'binlog/binlog.000001'), '..ms1995')
  }
  return {
    run,
    keep,
    script,
    backups,
    noted: () => readFileSync(notes, 'utf8'),
    kept: () => readdirSync(backups).filter((name) => name !== '.lock'),
  }
}

const noon = '2026-11-26 12:00:00'

test('a moment is restored from the newest dump before it, and from none after it', () => {
  const { run, keep, noted } = machine()
  keep('dump-20261125T031500Z')
  keep('dump-20261126T031500Z')
  keep('dump-20261127T031500Z')
  const { status, text } = run(['restore', '--until', noon])
  assert.equal(status, 0, text)
  assert.match(noted(), /this is dump-20261126T031500Z/)
  assert.match(noted(), /--stop-datetime=2026-11-26 12:00:00/)
  assert.match(run(['restore']).text, /restored .*dump-20261127T031500Z/)
})

for (const [moment, words] of [
  ['2026-11-24 12:00:00', /no dump .* from before/],
  ['2026-11-26T12:00:00Z', /needs a moment/],
  ['2026-13-26 12:00:00', /needs a moment/],
  ['yesterday', /needs a moment/],
  ['', /needs a moment/],
] as const) {
  test(`a moment that cannot be restored makes nothing: "${moment}"`, () => {
    const { run, keep, noted } = machine()
    keep('dump-20261125T031500Z')
    const { status, text } = run(['restore', '--until', moment])
    assert.equal(status, 1)
    assert.match(text, words)
    assert.equal(noted(), '')
  })
}

test('a restore without a log is refused, unless the dump alone is asked for', () => {
  const { run, keep, noted } = machine()
  keep('dump-20261125T031500Z', false)
  assert.match(run(['restore']).text, /has no binary log/)
  assert.equal(noted(), '')
  assert.match(run(['restore', '--dump-only']).text, /restored .*, and nothing after it/)
})

test('of the dumps that are too old, the newest of all stays, however the folder is written', () => {
  for (const ending of ['', '/', '//']) {
    const { run, keep, kept, backups } = machine()
    for (const name of ['dump-20200101T000000Z', 'dump-20200102T000000Z']) {
      keep(name)
      utimesSync(join(backups, name), new Date('2020-01-02'), new Date('2020-01-02'))
    }
    assert.equal(run(['prune', '14'], { BACKUPS: backups + ending }).status, 0)
    assert.deepEqual(kept(), ['dump-20200102T000000Z'])
  }
})

test('a dump has its log at once, and the dump before it has its own up to there', () => {
  const { run, keep, kept, backups, noted } = machine()
  keep('dump-20200101T000000Z')
  mkdirSync(join(backups, 'dump-20200102T000000Z.unfinished'))
  const left = join(backups, 'dump-20200101T000000Z/binlog.new')
  mkdirSync(left)
  writeFileSync(join(left, 'binlog.000099'), 'of a run that failed')
  const { status, text } = run(['dump'])
  assert.equal(status, 0, text)
  assert.equal(kept().length, 2)
  for (const name of kept()) {
    assert.deepEqual(readdirSync(join(backups, name, 'binlog')), ['binlog.000001'])
  }
  assert.match(noted(), /^dump .* relay_restored$/m)
})

for (const hasLog of [true, false]) {
  test(`a new server's log takes the place of no other's, ${hasLog ? 'kept' : 'lost'}`, () => {
    const { run, keep, kept, backups } = machine()
    const [old, begun] = ['dump-20200101T000000Z', { BEGUN: 'zzzz' }]
    keep(old, hasLog)
    for (const verb of ['binlog', 'dump']) {
      const { status, text } = run([verb], begun)
      assert.equal(status, 1)
      assert.match(text, /is not the one of .*restore that first, then dump --new-server/)
      assert.deepEqual(kept(), [old])
    }
    assert.equal(run(['dump', '--new-server'], begun).status, 0)
    assert.equal(run(['binlog'], begun).status, 0)
    assert.equal(existsSync(join(backups, old, 'binlog')), hasLog)
    if (hasLog) {
      const log = readFileSync(join(backups, old, 'binlog/binlog.000001'), 'utf8')
      assert.equal(log, '..ms1995')
    }
  })
}

test('the database is the one of the settings, whatever comes after its name', () => {
  const { run, noted } = machine()
  const DATABASE_URL = 'mysql://relay@localhost/relay_two?socketPath=/run/mysqld/mysqld.sock'
  assert.equal(run(['dump'], { DATABASE_URL }).status, 0)
  assert.match(noted(), /^dump .* relay_two$/m)
})

test('a dump that fails leaves nothing, and says so', () => {
  const { run, kept } = machine()
  const { status, text } = run(['dump'], { BREAKS: '1' })
  assert.equal(status, 1)
  assert.match(text, /has failed: 3/)
  assert.deepEqual(kept(), [])
})

test('what is done once a night waits for what began in the same minute', () => {
  const { run, keep, backups, noted } = machine()
  keep('dump-20200101T000000Z')
  const flock = join(backups, '../bin/flock')
  writeFileSync(flock, '#!/bin/sh\necho "flock $*" >> "$NOTES"\n', { mode: 0o755 })
  for (const args of [['dump'], ['prune', '14'], ['binlog']]) run(args)
  assert.deepEqual(noted().match(/^flock .*/gm), [
    'flock -w 600 9',
    'flock -w 600 9',
    'flock -w 0 9',
  ])
})

test('two do not work in one folder at once', () => {
  for (const verb of ['dump', 'binlog', 'prune 14']) {
    const { run, keep, kept, noted, script, backups } = machine()
    keep('dump-20200101T000000Z')
    const MEANWHILE = `exec 9>&-; sh ${script} ${verb}`
    assert.equal(run(['dump'], { MEANWHILE, BACKUP_WAIT: '0' }).status, 0)
    assert.match(noted(), /another backup\.sh is at work/)
    assert.match(noted(), /meanwhile 1/)
    assert.equal(kept().length, 2)
    assert.ok(existsSync(join(backups, 'dump-20200101T000000Z')))
  }
})
