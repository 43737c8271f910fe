import type { Db } from '../db/db.server.ts'
import type { Log } from '../telemetry/log.ts'
import type { Sealer } from './seal.ts'
import { readMark, readUpstreams, type StoredKey, type StoredUpstream } from './store.ts'

/** A key that calls can go out with. Its secret is in no log, no error and no answer. */
export type OpenKey = { id: number; name: string; secret: string }
/** An upstream as calls can be sent to it: with the keys that are in use and can be opened. */
export type OpenUpstream = Omit<StoredUpstream, 'keys'> & { keys: OpenKey[] }

/**
 * Reads upstreams from the database when they have changed. What cannot be used is left out, and
 * named in one line of the log: a definition that cannot be read, and a key that no secret of this
 * relay opens. Without a sealer no key can be opened.
 */
export class UpstreamReader {
  private mark: string | undefined
  /** What has been said, so that it is said once however often it is read. */
  private said = new Set<string>()

  constructor(
    private readonly db: Db,
    private readonly sealer: Sealer | undefined,
    private readonly log: Log,
  ) {}

  /** All upstreams, by name; undefined where nothing has changed since the last answer. */
  async readIfChanged(): Promise<OpenUpstream[] | undefined> {
    // Before the tables: what changes while they are read has another mark the next time.
    const mark = await readMark(this.db)
    if (mark === this.mark) return undefined
    const saying = new Set<string>()
    const once = (about: string, say: () => void) => {
      if (!this.said.has(about)) say()
      saying.add(about)
    }
    const stored = await readUpstreams(this.db, (upstream, error) =>
      once(`definition ${upstream}`, () =>
        this.log.failed('upstream_unreadable', error, { upstream }),
      ),
    )
    const open = stored.map((it) => ({ ...it, keys: this.openKeys(it.keys, once) }))
    this.said = saying
    this.mark = mark
    return open
  }

  private openKeys(
    keys: readonly StoredKey[],
    once: (about: string, say: () => void) => void,
  ): OpenKey[] {
    return keys.flatMap((key) => {
      if (!key.enabled) return []
      const { id, upstream, name } = key
      const secret = this.sealer?.open(key, key)
      if (secret !== undefined) return [{ id, name, secret }]
      const sealedBy = key.sealedBy.toString('hex')
      once(`key ${id} ${sealedBy}`, () =>
        this.log.error('upstream_key_unopened', { upstream, key: name, sealedBy }),
      )
      return []
    })
  }
}
