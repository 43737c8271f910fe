import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const english = readFileSync('README.md', 'utf8')
const chinese = readFileSync('README.zh-CN.md', 'utf8')
const all = (text: string, what: RegExp) => [...text.matchAll(what)].map(([whole]) => whole)
const without = (text: string) => text.replace(/^```[\s\S]*?^```$/gm, '')

test('the README in Chinese has the commands and pictures of the one in English', () => {
  assert.deepEqual(all(chinese, /^```[\s\S]*?^```$/gm), all(english, /^```[\s\S]*?^```$/gm))
})

test('and its headings in the same order', () => {
  const levels = (text: string) => all(without(text), /^#+(?= )/gm)
  assert.deepEqual(levels(chinese), levels(english))
})

test('and all variables, addresses, values and files that it names', () => {
  const named = (text: string) => [...new Set(all(without(text), /`[^`\n]+`/g))].sort()
  assert.deepEqual(named(chinese), named(english))
})

test('and its links', () => {
  // Of a link within it, the heading is in its language; each leads to the other at its top.
  const links = (text: string) => all(without(text), /\]\((?!#|README)[^)]+\)/g).sort()
  assert.deepEqual([...new Set(links(chinese))], [...new Set(links(english))])
})
