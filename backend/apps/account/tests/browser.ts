import { TestClient, type TestResponse } from '@bailiwick/kit/testing'

interface Kept {
  readonly value: string
  readonly path: string
  readonly attributes: readonly string[]
}

export interface PageRequest {
  readonly body?: unknown
  /** Besides those that the browser sends; null leaves one of those out. */
  readonly headers?: Readonly<Record<string, string | null>>
}

/** Keeps cookies and sends them as a browser does, with the origin of the page that asks. */
export class Browser {
  readonly #client: TestClient
  readonly #cookies = new Map<string, Kept>()
  readonly #pageOrigin: string
  readonly #headers: Readonly<Record<string, string>>

  constructor(
    serverUrl: string,
    {
      pageOrigin = new URL(serverUrl).origin,
      headers = {},
    }: { readonly pageOrigin?: string; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    this.#client = new TestClient(serverUrl)
    this.#pageOrigin = pageOrigin
    this.#headers = headers
  }

  /** A page of another origin, in the same browser: the worst that a browser may do is to send all cookies along. */
  pageOf(pageOrigin: string, serverUrl: string): Browser {
    const page = new Browser(serverUrl, { pageOrigin, headers: this.#headers })
    for (const [name, kept] of this.#cookies) page.#cookies.set(name, kept)
    return page
  }

  names(): string[] {
    return [...this.#cookies.keys()].sort()
  }

  cookie(name: string): string {
    return this.#cookies.get(name)?.value ?? ''
  }

  attributes(name: string): readonly string[] {
    return this.#cookies.get(name)?.attributes ?? []
  }

  plant(name: string, value: string): void {
    this.#cookies.set(name, { value, path: '/', attributes: [] })
  }

  get(path: string, request: PageRequest = {}): Promise<TestResponse> {
    return this.send('GET', path, request)
  }

  post(path: string, body?: unknown, request: PageRequest = {}): Promise<TestResponse> {
    return this.send('POST', path, { ...request, body })
  }

  async send(method: string, path: string, { body, headers = {} }: PageRequest = {}): Promise<TestResponse> {
    const isSafe = method === 'GET' || method === 'HEAD'
    const sent = {
      ...this.#headers,
      ...(this.#cookies.size > 0 && { cookie: this.#header(path) }),
      ...(!isSafe && { origin: this.#pageOrigin, 'x-csrftoken': this.cookie('csrftoken') }),
      ...headers,
    }
    const given = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== null)
    const answer = await this.#client.send(method, path, { body, headers: Object.fromEntries(given) })
    for (const text of answer.headers.getSetCookie()) this.#keep(text)
    return answer
  }

  #header(path: string): string {
    return [...this.#cookies]
      .filter(([, kept]) => path.startsWith(kept.path))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
  }

  #keep(text: string): void {
    const [pair = '', ...attributes] = text.split('; ')
    const [name = '', value = ''] = pair.split(/=(.*)/)
    const path = attributes.find((each) => each.startsWith('Path='))?.slice(5) ?? '/'
    if (attributes.includes('Max-Age=0')) this.#cookies.delete(name)
    else this.#cookies.set(name, { value, path, attributes })
  }
}
