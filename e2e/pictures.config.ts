import { defineConfig } from '@playwright/test'
import base from '../playwright.config.ts'

/** Takes pictures and tests nothing: `npm run screenshots`. */
export default defineConfig({
  ...base,
  testDir: '.',
  testMatch: 'pictures.ts',
  timeout: 600_000,
  outputDir: '../test-results/pictures',
})
