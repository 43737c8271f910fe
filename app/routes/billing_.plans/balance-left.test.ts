import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setupI18n } from '@lingui/core'
import { I18nProvider } from '@lingui/react'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { PaidFrom } from './balance-left.tsx'

test('of a balance below zero nothing is said to be available', () => {
  const i18n = setupI18n({ locale: 'en', messages: { en: {} } })
  const said = (balanceNanos: number) =>
    renderToStaticMarkup(
      createElement(I18nProvider, { i18n }, createElement(PaidFrom, { balanceNanos })),
    ).replace(/<[^>]*>/g, '')
  assert.match(said(2_500_000_000), /: \$2\.50 of the balance is available\. Calls are paid/)
  assert.match(said(0), /: \$0\.00 of the balance is available\. /)
  assert.match(said(-2_500_000_000), /: the balance is \$2\.50 below zero\. /)
})
