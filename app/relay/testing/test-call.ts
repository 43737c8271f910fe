import { limits } from '../../config/limits.ts'
import { AbortEmitter } from '../../http/http.server.ts'
import { tellsSecret } from '../../upstreams/upstreams.server.ts'
import { tellableCode } from '../../values/logs/tellable-code.ts'
import { chatForm } from './chat-form.ts'
import { messagesForm } from './messages-form.ts'
import { readStream, readWhole } from './read-answer.ts'
import type { Asked, TestedCall } from './tested-call.ts'

const { msMax } = limits.upstreams.test

/** A failure of Node's or undici's by its code; its words may quote what was sent. */
const codeOf = (error: unknown) => {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } }
  return tellableCode([code, cause?.code].filter((it): it is string => typeof it === 'string'))
}

/** Makes one real call of one token, in the dialect that is spoken there, which is booked nowhere. */
export async function testCall(asked: Asked): Promise<TestedCall> {
  const { target, headers: own, streamed } = asked
  const form = target.upstream.definition.paths['chat/completions']
    ? chatForm(asked)
    : messagesForm(asked)
  const signal = new AbortEmitter()
  const timer = setTimeout(() => signal.abort(), msMax)
  const beganMs = performance.now()
  const elapsed = () => Math.round(performance.now() - beganMs)
  const { credential } = target.upstream.definition
  const tells = (text: string) => tellsSecret(text, own, credential?.header)
  const result: Omit<TestedCall, 'ms'> = {
    status: null,
    code: null,
    requestId: null,
    firstEventMs: null,
    model: null,
    reported: undefined,
    isWhole: false,
  }
  try {
    const headers = { 'user-agent': 'ai-api-relay' }
    const request = { path: form.path, body: form.body, streamed, headers, signal }
    const answer = await target.upstream.send(request, own, target.offer.theirName)
    result.status = answer.status
    const id = answer.header('x-request-id') ?? answer.header('request-id')
    result.requestId = id?.slice(0, 100) ?? null
    const isGood = answer.status >= 200 && answer.status < 300
    const seen =
      isGood && streamed
        ? await readStream(answer.body, form, elapsed)
        : form.plain(await readWhole(answer.body))
    Object.assign(result, seen)
    if (!isGood) result.isWhole = false
  } catch (error) {
    result.code = signal.aborted ? 'no_answer_in_time' : (codeOf(error) ?? 'unreachable')
  } finally {
    clearTimeout(timer)
  }
  const told = (text: string | null) => (text !== null && tells(text) ? null : text)
  const { code, requestId, model } = result
  return {
    ...result,
    code: told(code) ?? (code === null ? null : 'error'),
    requestId: told(requestId),
    model: told(model),
    ms: elapsed(),
  }
}
