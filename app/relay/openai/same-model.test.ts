import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { isSameModel } from './same-model.ts'

describe('the model that an answer names', () => {
  const same: [asked: string, answered: string, ...aliases: string[]][] = [
    ['gpt-4o', 'gpt-4o'],
    ['gpt-4o', ''],
    ['gpt-4o', 'gpt-4o-2024-08-06'],
    ['gpt-4o-2024-08-06', 'gpt-4o'],
    ['gpt-4o', 'openai/gpt-4o'],
    ['openai/gpt-4o', 'gpt-4o-2024-11-20'],
    ['gpt-4o', 'GPT-4o'],
    ['gpt-4', 'gpt-4-0613'],
    ['gpt-3.5-turbo', 'gpt-3.5-turbo-0125'],
    ['gpt-3.5-turbo', 'gpt-35-turbo'],
    ['gemini-2.5-pro', 'models/gemini-2.5-pro'],
    ['gemini-2.5-flash-preview', 'gemini-2.5-flash-preview-05-20'],
    ['gemini-1.5-pro', 'gemini-1.5-pro-002'],
    ['claude-sonnet-4', 'claude-sonnet-4-20250514'],
    ['claude-3-5-sonnet-latest', 'claude-3-5-sonnet-20241022'],
    ['claude-3-5-sonnet', 'claude-3-5-sonnet@20240620'],
    ['mistral-large-latest', 'mistral-large-2411'],
    ['command-r', 'command-r-08-2024'],
    ['llama3', 'llama3:latest'],
    ['llama-v3p1-8b', 'accounts/fireworks/models/llama-v3p1-8b'],
    ['deepseek/deepseek-chat:nitro', 'deepseek/deepseek-chat'],
    ['chatgpt-4o-latest', 'gpt-4o-2024-08-06', 'gpt-4o'],
    ['deepseek-chat', 'DeepSeek-V3', 'deepseek-v3'],
  ]
  for (const [asked, answered, ...aliases] of same) {
    test(`${asked} may be answered by ${answered || 'one without a name'}`, () => {
      assert.equal(isSameModel(asked, answered, aliases), true)
    })
  }

  const other: [asked: string, answered: string, ...aliases: string[]][] = [
    ['gpt-4o', 'gpt-4o-mini'],
    ['gpt-4o-mini', 'gpt-4o'],
    ['gpt-5', 'gpt-5.5'],
    ['gpt-5', 'gpt-5-pro-2025-10-06'],
    ['gpt-4', 'gpt-4-1106-preview'],
    ['gpt-4o-2024-08-06', 'gpt-4o-2024-05-13'],
    ['gpt-4o', 'anthropic/claude-opus-4.1'],
    ['openai/gpt-oss', 'else/gpt-oss'],
    ['4o', 'gpt-4o'],
    ['gpt-4o', '4o'],
    ['llama3:8b', 'llama3:70b'],
    ['llama3', 'llama3:70b'],
    ['deepseek-r1:free', 'deepseek-r1'],
    ['gpt-4o', 'gpt-4o:online'],
    ['gpt-4o-mini', 'ft:gpt-4o-mini-2024-07-18:org::id'],
    ['chatgpt-4o-latest', 'gpt-5', 'gpt-4o'],
    ['gpt-4o', 'x/'],
    ['gpt-4o', '-2024-08-06'],
  ]
  for (const [asked, answered, ...aliases] of other) {
    test(`${asked} is not ${answered}`, () => {
      assert.equal(isSameModel(asked, answered, aliases), false)
    })
  }
})
