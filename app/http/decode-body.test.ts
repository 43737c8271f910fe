import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as zlib from 'node:zlib'
import { BodyBroken, BodyTooLarge, EncodingUnknown } from './body-errors.ts'
import { decodeBody, decodersOf } from './decode-body.ts'

const text = Buffer.from(JSON.stringify({ said: 'hello '.repeat(2_000) }))
const decode = (encoding: string | undefined, body: Buffer, bytesMax = 1e6) =>
  decodeBody(body, decodersOf(encoding), bytesMax)
const zstd = zlib as { zstdCompressSync?: (bytes: Buffer) => Buffer }
/** Not of Node 22, which takes a body that was cut for a whole one. */
const isNode22 = process.versions.node.startsWith('22.')
const zstdCompressSync = isNode22 ? undefined : zstd.zstdCompressSync

const encoders: Record<string, (bytes: Buffer) => Buffer> = {
  gzip: zlib.gzipSync,
  'x-gzip': zlib.gzipSync,
  GZip: zlib.gzipSync,
  deflate: zlib.deflateSync,
  ' deflate': zlib.deflateRawSync,
  br: zlib.brotliCompressSync,
  'identity, gzip': zlib.gzipSync,
  'gzip, br': (bytes) => zlib.brotliCompressSync(zlib.gzipSync(bytes)),
  ...(zstdCompressSync && { zstd: zstdCompressSync }),
}

for (const [encoding, encode] of Object.entries(encoders)) {
  describe(`a body in ${encoding}`, () => {
    test('is what it was before', async () => {
      assert.ok((await decode(encoding, encode(text))).equals(text))
    })

    test('may be of exactly the limit, and of no byte more', async () => {
      assert.ok((await decode(encoding, encode(text), text.length)).equals(text))
      await assert.rejects(decode(encoding, encode(text), text.length - 1), BodyTooLarge)
    })

    test('that is cut or is something else is broken', async () => {
      const whole = encode(text)
      for (const body of [whole.subarray(0, -3), Buffer.from('{"a":1}'), Buffer.alloc(0)])
        await assert.rejects(decode(encoding, body), BodyBroken, `${body.length}`)
    })
  })
}

test('without an encoding there is nothing to undo', () => {
  for (const none of [undefined, '', 'identity', 'Identity , identity'])
    assert.deepEqual(decodersOf(none), [])
})

test('an encoding nobody knows, and too many of them, are said before anything is read', () => {
  const unknown = ['compress', 'aes128gcm', 'gzip, gzip, gzip', 'constructor', 'gzip;q=1']
  if (!zstdCompressSync) unknown.push('zstd')
  for (const encoding of unknown)
    assert.throws(
      () => decodersOf(encoding),
      (error) =>
        error instanceof EncodingUnknown && /^gzip, deflate, br(, zstd)?$/.test(error.accepted),
    )
})

test('of a bomb no more is made than the limit, in any of its layers', async () => {
  let made = 0
  const zeros = zlib.gzipSync(Buffer.alloc(200 * 1024 * 1024))
  const bytesMax = 1024 * 1024
  const count = (bytes: number) => void (made += bytes)
  await assert.rejects(decodeBody(zeros, decodersOf('gzip'), bytesMax, count), BodyTooLarge)
  assert.ok(made <= bytesMax)
  const inner = zlib.gzipSync(zeros)
  await assert.rejects(decodeBody(inner, decodersOf('gzip, gzip'), bytesMax, count), BodyTooLarge)
})

test('whoever pays for the memory may say no in the middle', async () => {
  const no = new Error('no room')
  const refuse = () => {
    throw no
  }
  await assert.rejects(decodeBody(zlib.gzipSync(text), decodersOf('gzip'), 1e6, refuse), no)
})
