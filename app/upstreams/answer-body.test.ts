import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, test } from 'node:test'
import { limits } from '../config/limits.ts'
import { IncomingBody } from './answer-body.ts'

const [a, b] = [Buffer.from('a'), Buffer.from('b')]

function listened() {
  const told: string[] = []
  const source = {
    resume: () => void told.push('source resumes'),
    abort: () => void told.push('source aborts'),
  }
  const body = new IncomingBody(source)
  const listen = () => {
    body.on('data', (piece: Buffer) => told.push(String(piece)))
    body.on('end', () => told.push('end'))
    body.on('error', (error: Error) => told.push(error.message))
    body.on('close', () => told.push('close'))
  }
  return { body, told, listen }
}

describe('the body of an answer', () => {
  test('is heard whole by whoever listens later, and as it comes by whoever listens', async () => {
    const { body, told, listen } = listened()
    assert.equal(body.push(a), true)
    listen()
    // All that is listened for is said before anything is told.
    assert.deepEqual(told, [])
    await turn()
    assert.deepEqual(told, ['a'])
    body.push(b)
    assert.deepEqual(told, ['a', 'b'])
    body.finish()
    assert.deepEqual(told, ['a', 'b', 'end'])
    await turn()
    assert.deepEqual(told, ['a', 'b', 'end', 'close'])
  })

  test('that came to its end before anybody listened is heard all the same', async () => {
    const { body, told, listen } = listened()
    body.push(a)
    body.finish()
    await turn()
    listen()
    await turn()
    assert.deepEqual(told, ['a', 'end', 'close'])
  })

  test('waits where it is paused, and so does its source until that is over', async () => {
    const { body, told, listen } = listened()
    listen()
    body.pause()
    assert.equal(body.push(a), false)
    body.finish()
    await turn()
    assert.deepEqual(told, [])
    body.resume()
    body.resume()
    await turn()
    assert.deepEqual(told, ['a', 'end', 'close'])
  })

  test('lets its source go on when what it has kept is heard', async () => {
    const { body, told, listen } = listened()
    listen()
    body.pause()
    assert.equal(body.push(a), false)
    body.resume()
    await turn()
    assert.deepEqual(told, ['a', 'source resumes'])
    assert.equal(body.push(b), true)
  })

  test('that nobody listens to keeps no more than a stream does', () => {
    const { body } = listened()
    assert.equal(body.push(Buffer.alloc(limits.stream.bufferBytesMax)), true)
    assert.equal(body.push(a), false)
  })

  test('that breaks off is an error at once, behind what came before where that is taken', async () => {
    for (const isPaused of [false, true]) {
      const { body, told, listen } = listened()
      listen()
      if (isPaused) body.pause()
      body.push(a)
      body.finish(new Error('broken'))
      body.finish()
      await turn()
      assert.deepEqual(told, isPaused ? ['broken', 'close'] : ['a', 'broken', 'close'])
    }
  })

  test('that broke off before anybody listened is an error for whoever does', async () => {
    const { body, told, listen } = listened()
    body.push(a)
    body.finish(new Error('broken'))
    await turn()
    listen()
    await turn()
    assert.deepEqual(told, ['a', 'broken', 'close'])
  })

  test('that nobody wants ends its source, and is closed without an error', async () => {
    const { body, told, listen } = listened()
    listen()
    body.destroy()
    body.destroy()
    assert.equal(body.push(a), true)
    body.finish(new Error('aborted'))
    await turn()
    assert.deepEqual(told, ['source aborts', 'close'])
  })

  test('that is destroyed by whoever hears a piece says no more', async () => {
    const { body, told, listen } = listened()
    body.push(a)
    body.push(b)
    body.finish()
    listen()
    body.on('data', () => body.destroy())
    await turn()
    assert.deepEqual(told, ['a', 'close'])
  })

  test('that fails says nothing more of what it has kept', async () => {
    const { body, told, listen } = listened()
    listen()
    body.pause()
    body.push(a)
    body.finish(new Error('broken'))
    body.resume()
    await turn()
    assert.deepEqual(told, ['broken', 'close'])
  })

  test('is given up where nothing comes for too long, unless it was told to wait', async () => {
    const given = () => {
      let giveUp = (_why?: Error) => undefined as void
      const isGivenUp = new Promise<Error | undefined>((resolve) => (giveUp = resolve))
      const body = new IncomingBody({ resume: () => undefined, abort: giveUp })
      body.on('data', () => undefined)
      return { body, isGivenUp }
    }
    const [told, silent] = [given(), given()]
    let isTold = false
    void told.isGivenUp.then(() => (isTold = true))
    told.body.pause()
    told.body.endAfterSilence(1, 'bytes')
    silent.body.endAfterSilence(30, 'bytes')
    assert.equal((await silent.isGivenUp)?.name, 'BodyTimeoutError')
    assert.equal(isTold, false)
    told.body.resume()
    assert.equal((await told.isGivenUp)?.name, 'BodyTimeoutError')
  })
})
