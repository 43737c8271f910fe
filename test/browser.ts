type Kept = { value: string; path: string }
type Sent = { form?: Record<string, string>; origin?: string }

/** One browser's cookies, as far as tests need a browser: it follows nothing by itself. */
export class TestBrowser {
  /** By host, because cookies know no port; then by name. */
  readonly #jar = new Map<string, Map<string, Kept>>()

  constructor(readonly userAgent = 'TestBrowser/1.0') {}

  /** The cookies that would go to an address. */
  cookiesFor(address: string): string {
    const { hostname, pathname } = new URL(address)
    const fits = ({ path }: Kept) =>
      pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`)
    return [...(this.#jar.get(hostname) ?? [])]
      .filter(([, kept]) => fits(kept))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  cookie(address: string, name: string): string | undefined {
    return this.#jar.get(new URL(address).hostname)?.get(name)?.value
  }

  setCookie(address: string, name: string, value: string, path = '/') {
    const { hostname } = new URL(address)
    const cookies = this.#jar.get(hostname) ?? new Map<string, Kept>()
    this.#jar.set(hostname, cookies.set(name, { value, path }))
  }

  /** Another browser with the same cookies at this moment. */
  clone(): TestBrowser {
    const copy = new TestBrowser(this.userAgent)
    for (const [host, cookies] of this.#jar) copy.#jar.set(host, new Map(cookies))
    return copy
  }

  #keep(address: string, header: string) {
    const [pair = '', ...attributes] = header.split(/;\s*/)
    const [name = '', value = ''] = pair.split(/=(.*)/s)
    const attribute = (wanted: string) =>
      attributes.map((it) => it.split('=')).find(([key]) => key?.toLowerCase() === wanted)?.[1]
    const isGone =
      attribute('max-age') === '0' || Date.parse(attribute('expires') ?? '') < Date.now()
    if (isGone) this.#jar.get(new URL(address).hostname)?.delete(name)
    else this.setCookie(address, name, value, attribute('path'))
  }

  async #send(address: string, init: RequestInit): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('user-agent', this.userAgent)
    const cookies = this.cookiesFor(address)
    if (cookies) headers.set('cookie', cookies)
    const response = await fetch(address, { ...init, headers, redirect: 'manual' })
    for (const header of response.headers.getSetCookie()) this.#keep(address, header)
    return response
  }

  get(address: string): Promise<Response> {
    return this.#send(address, {})
  }

  /** Sends a form, from a page of the same site unless `origin` says otherwise. */
  post(address: string, { form = {}, origin = new URL(address).origin }: Sent = {}) {
    const body = new URLSearchParams(form)
    return this.#send(address, { method: 'POST', body, headers: { origin } })
  }
}
