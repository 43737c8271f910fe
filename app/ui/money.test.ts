import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { BalanceLeft } from './money.tsx'

test('of a balance below zero nothing is said to be available', () => {
  const said = (nanos: number) =>
    renderToStaticMarkup(createElement(BalanceLeft, { nanos })).replace(/<[^>]*>/g, '')
  assert.equal(said(2_500_000_000), '$2.50 of the balance is available')
  assert.equal(said(0), '$0.00 of the balance is available')
  assert.equal(said(-2_500_000_000), 'the balance is $2.50 below zero')
})
