/** What a server answered to a test. */
export interface TestResponse {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The answer as JSON; null if it is none. */
  // biome-ignore lint/suspicious/noExplicitAny: only the test knows what the endpoint answers, and asserts it
  readonly body: any
}

/** Is told of what was sent and what was answered. */
export interface TestListener {
  note(exchange: { readonly sent: unknown; readonly got: unknown; readonly status: number }): void
}

export interface TestRequest {
  /** Sent as JSON, unless it is text, which is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Calls a server over HTTP, as a guest or as who has signed in. */
export class TestClient {
  readonly #baseUrl: string
  readonly #token: string | null
  readonly #listener: TestListener | null

  constructor(baseUrl: string, token: string | null = null, listener: TestListener | null = null) {
    this.#baseUrl = baseUrl.replace(/\/$/, '')
    this.#token = token
    this.#listener = listener
  }

  get(path: string, request: TestRequest = {}): Promise<TestResponse> {
    return this.send('GET', path, request)
  }

  post(path: string, body?: unknown): Promise<TestResponse> {
    return this.send('POST', path, { body })
  }

  put(path: string, body?: unknown): Promise<TestResponse> {
    return this.send('PUT', path, { body })
  }

  patch(path: string, body?: unknown): Promise<TestResponse> {
    return this.send('PATCH', path, { body })
  }

  delete(path: string): Promise<TestResponse> {
    return this.send('DELETE', path)
  }

  async send(method: string, path: string, { body, headers = {} }: TestRequest = {}): Promise<TestResponse> {
    const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(this.#baseUrl + path, {
      method,
      body: sent,
      headers: {
        ...(sent === null ? {} : { 'content-type': 'application/json' }),
        ...(this.#token === null ? {} : { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
    })
    const text = await response.text()
    const got = parsedOrNull(text)
    this.#listener?.note({ sent: body, got, status: response.status })
    return { status: response.status, headers: response.headers, text, body: got }
  }
}

function parsedOrNull(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
