import { setImmediate as yieldToOthers } from 'node:timers/promises'
import { limits } from '../../config/limits.ts'

const escapes = /\\(?:u([0-9a-f]{4})|[^u])/gi

/**
 * JSON text with its characters as themselves that are written by number, and its slashes without a
 * backslash: an upstream reads them so, and they would count for several times what they are. All
 * other escapes stay: none of them is fewer tokens than what it stands for.
 */
export async function unescaped(text: string): Promise<string> {
  if (!text.includes('\\u') && !text.includes('\\/')) return text
  let result = ''
  let from = 0
  let seen = 0
  for (const { 0: all, 1: code, index } of text.matchAll(escapes)) {
    if (code !== undefined || all === '\\/') {
      result += text.slice(from, index)
      result += code === undefined ? '/' : String.fromCharCode(parseInt(code, 16))
      from = index + all.length
    }
    if (++seen % limits.tokens.escapesAtOnce === 0) await yieldToOthers()
  }
  return result + text.slice(from)
}
