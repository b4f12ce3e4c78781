/** The part of autocannon that is used here; the package has no types of its own. */
declare module 'autocannon' {
  export interface Request {
    readonly method: 'GET' | 'POST'
    readonly path: string
    readonly headers: Readonly<Record<string, string>>
    readonly body?: string
  }

  export interface Client {
    setRequests(requests: readonly Request[]): void
  }

  export interface Options {
    readonly url: string
    /** One after another, on each connection. */
    readonly requests: readonly Request[]
    readonly connections: number
    /** In seconds. */
    readonly duration: number
    /** Puts an id of its own in the place of `[<id>]` in every request. */
    readonly idReplacement?: boolean
    readonly setupClient?: (client: Client) => void
  }

  export interface Result {
    /** In seconds. */
    readonly duration: number
    readonly errors: number
    readonly timeouts: number
    readonly non2xx: number
    readonly '2xx': number
  }

  export interface Run extends PromiseLike<Result> {
    on(event: 'response', listener: (client: Client, status: number, bytes: number, elapsedMs: number) => void): this
  }

  export default function autocannon(options: Options): Run
}
