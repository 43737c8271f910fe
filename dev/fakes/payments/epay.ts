import { createHash, randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { faultOf, questionsHung, type Fault } from './faults.ts'
import { deliver, formOf, sendJson, sendPayPage, sendTo } from './respond.ts'

type Trade = {
  number: string
  params: URLSearchParams
  tradeNo: string
  money: string
  status: 0 | 1
  /** What the API's answers say of themselves: 1 where there is something in them. */
  code: number
  refunded: number
  fault: Fault | undefined
  hung: number
}

/** A gateway as operators in China run them, as far as a relay asks: a page, and an API of one file. */
export class FakeEpay {
  readonly merchant = '1001'
  readonly key = randomBytes(16).toString('hex')
  url = ''
  /** Where notices go besides where the order says: to other replicas. */
  alsoTo: string[] = []
  private readonly trades = new Map<string, Trade>()

  handle = async (req: IncomingMessage, res: ServerResponse): Promise<unknown> => {
    const { pathname, searchParams } = new URL(req.url ?? '/', this.url)
    if (pathname === '/submit.php') return this.submit(res, searchParams)
    if (pathname.startsWith('/pay/') && req.method === 'POST') {
      const number = pathname.slice('/pay/'.length)
      await this.pay(number)
      return sendTo(res, this.returnUrl(this.tradeOf(number)))
    }
    if (pathname !== '/api.php') return sendJson(res, 404, { code: -1 })
    const params = req.method === 'POST' ? await formOf(req) : searchParams
    if (params.get('pid') !== this.merchant || params.get('key') !== this.key)
      return sendJson(res, 200, { code: -3, msg: 'wrong key' })
    return this.api(res, searchParams.get('act'), params)
  }

  private api(res: ServerResponse, act: string | null, params: URLSearchParams) {
    const trade = this.trades.get(params.get('out_trade_no') ?? '')
    if (!trade) return sendJson(res, 200, { code: -1, msg: 'no such order' })
    if (act === 'refund') {
      const left = Number(trade.money) - trade.refunded
      if (trade.status !== 1 || Number(params.get('money')) > left)
        return sendJson(res, 200, { code: -1, msg: 'more than was paid' })
      trade.refunded += Number(params.get('money'))
      return sendJson(res, 200, { code: 1, msg: 'refunded' })
    }
    if (trade.fault === 'hang' && trade.hung++ < questionsHung) return
    const { tradeNo, number, money, status, code, fault } = trade
    const answer = JSON.stringify({
      code,
      msg: 'ok',
      trade_no: tradeNo,
      out_trade_no: number,
      type: 'alipay',
      pid: fault === 'other-currency' ? 9_999 : Number(this.merchant),
      money,
      status,
    })
    // As PHP writes what looks like a number, whatever its length.
    const written = /^\d+$/.test(tradeNo) ? answer.replace(`"${tradeNo}"`, tradeNo) : answer
    return res.writeHead(200, { 'content-type': 'application/json' }).end(written)
  }

  private submit(res: ServerResponse, params: URLSearchParams) {
    if (params.get('sign') !== this.sign(params)) return sendJson(res, 400, { msg: 'bad sign' })
    const number = params.get('out_trade_no') ?? ''
    const name = params.get('name') ?? ''
    const money = params.get('money') ?? ''
    const old = this.trades.get(number)
    const tradeNo = `2026${randomBytes(8).toString('hex')}`
    const fault = faultOf(name)
    const trade: Trade = old ?? {
      number,
      params,
      tradeNo,
      money,
      fault,
      status: 0,
      code: 1,
      refunded: 0,
      hung: 0,
    }
    this.trades.set(number, trade)
    const title = 'Stand-in for epay'
    sendPayPage(res, { title, what: name, amount: `${money} CNY`, action: `/pay/${number}` })
  }

  tradeOf = (number: string): Trade => {
    const trade = this.trades.get(number)
    if (!trade) throw new Error(`the gateway knows no order ${number}`)
    return trade
  }

  /** MD5 over all that is not empty, in the order of names, and the key. */
  sign(params: URLSearchParams): string {
    const names = [...params.keys()].filter(
      (name) => name !== 'sign' && name !== 'sign_type' && params.get(name) !== '',
    )
    const text = names.sort().map((name) => `${name}=${params.get(name)}`)
    return createHash('md5')
      .update(text.join('&') + this.key)
      .digest('hex')
  }

  /** What the gateway tells of a trade, signed. */
  noticeOf({ number, tradeNo, params, money }: Trade, changes: Record<string, string> = {}) {
    const notice = new URLSearchParams({
      pid: this.merchant,
      trade_no: tradeNo,
      out_trade_no: number,
      type: 'alipay',
      name: params.get('name') ?? '',
      money,
      trade_status: 'TRADE_SUCCESS',
      ...changes,
    })
    notice.set('sign', this.sign(notice))
    notice.set('sign_type', 'MD5')
    return notice
  }

  private returnUrl = (trade: Trade) =>
    `${trade.params.get('return_url')}?${this.noticeOf(trade).toString()}`

  /** What the payer does; answers how its notices were taken. */
  async pay(number: string): Promise<number[]> {
    const trade = this.tradeOf(number)
    const { fault, params } = trade
    if (fault !== 'not-paid') trade.status = 1
    if (fault === 'less') trade.money = '0.01'
    if (fault === 'more') trade.money = (Number(trade.money) + 1).toFixed(2)
    if (fault === 'silent' || fault === 'hang') return []
    const told: Record<string, string> =
      fault === 'less' || fault === 'more' ? { money: params.get('money') ?? '' } : {}
    const notice = this.noticeOf(trade, told)
    if (fault === 'forged') notice.set('sign', 'f'.repeat(32))
    if (fault === 'truncated') notice.delete('money')
    const url = params.get('notify_url') ?? ''
    const { pathname } = new URL(url)
    const urls = [url, ...this.alsoTo.map((it) => it + pathname)]
    const each = fault === 'double' ? [...urls, ...urls] : urls
    return Promise.all(each.map((it) => deliver(`${it}?${notice.toString()}`, {})))
  }
}
