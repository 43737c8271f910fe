import { defineConfig } from '@playwright/test'
import { findProgram } from './dev/servers/programs.ts'

/** Nothing of it may reach for the network: the machines of tests have none. */
const chromiumArguments = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--disable-quic',
]

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 120_000,
  expect: { timeout: 15_000 },
  fullyParallel: false,
  workers: 2,
  forbidOnly: true,
  reporter: [['list']],
  use: {
    browserName: 'chromium',
    launchOptions: {
      executablePath: findProgram('chromium') ?? '/usr/bin/chromium',
      args: chromiumArguments,
    },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    timezoneId: 'Asia/Kathmandu',
  },
  projects: [
    { name: 'with JavaScript' },
    {
      name: 'without JavaScript',
      use: { javaScriptEnabled: false },
      // These ask over plain HTTP, or look into the page with a script.
      testIgnore: /matrix-|accessible/,
    },
  ],
})
