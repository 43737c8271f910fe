import assert from 'node:assert/strict'
import { test } from 'node:test'
import { languageAsked } from './languages.ts'

test('the language of ours that a browser likes best is spoken, and English to all others', () => {
  const asked: [string | null, string][] = [
    [null, 'en'],
    ['', 'en'],
    ['zh', 'zh-CN'],
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh-CN'],
    ['zh-Hans-SG', 'zh-CN'],
    ['ZH-tw', 'zh-CN'],
    ['en-GB,zh;q=0.9', 'en'],
    ['en;q=0.3, zh-HK;q=0.7', 'zh-CN'],
    ['fr, zh;q=0.2', 'zh-CN'],
    ['fr, de', 'en'],
    ['zh;q=0', 'en'],
    ['zh;q=nonsense, en;q=0.1', 'en'],
    ['zhu', 'en'],
    ['*', 'en'],
    ['zh;q=0.5,*', 'en'],
  ]
  for (const [header, language] of asked) assert.equal(languageAsked(header), language, `${header}`)
})
