/** A request and its answer, as they went over the wire. */
export interface Exchange {
  /** The heading it is shown under; null: it is not shown. */
  readonly title: string | null
  readonly method: string
  readonly path: string
  /** Headers that matter to the reader. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  readonly status: number
  readonly answer: unknown
}

export interface Step {
  /** What the step shows, as a heading of the reference; left out: the step is not shown. */
  readonly title?: string
  readonly token?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** The status that is right; 200 unless it says otherwise. */
  readonly status?: number
}

export interface Answer {
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: only the walk knows what the endpoint answers
  readonly body: any
}

/** Walks along the endpoints of a server, and keeps what is to be shown. */
export class Walker {
  readonly exchanges: Exchange[] = []
  readonly #origin: string

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Sends a request. @throws {Error} with the whole answer, if its status is another than the step says */
  async send(method: string, path: string, step: Step = {}): Promise<Answer> {
    const { title, token = null, headers = {}, body, status = 200 } = step
    const isForm = body instanceof FormData
    const response = await fetch(this.#origin + path, {
      method,
      headers: {
        ...headers,
        ...(body === undefined || isForm ? {} : { 'content-type': 'application/json' }),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    if (response.status !== status) throw new Error(`${method} ${path}: ${response.status}, not ${status}: ${text}`)
    const isJson = response.headers.get('content-type')?.includes('json') === true
    const answer: unknown = isJson
      ? JSON.parse(text)
      : `${response.headers.get('content-type')}, ${text.length} characters`
    const shown = { ...headers, ...(token !== null && { Authorization: `Bearer ${token}` }) }
    const sent = isForm ? '(multipart/form-data)' : body
    this.exchanges.push({ title: title ?? null, method, path, headers: shown, body: sent, status, answer })
    return { headers: response.headers, body: answer }
  }
}
