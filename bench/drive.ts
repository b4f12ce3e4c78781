import autocannon, { type Request } from 'autocannon'
import { percentile } from './statistics.ts'

export interface DriveOptions {
  readonly requests: readonly Request[]
  readonly connections: number
  readonly seconds: number
}

export interface Driven {
  readonly count: number
  readonly requestsPerSecond: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/**
 * Sends requests as fast as they are answered. Each connection begins at another place of the list.
 *
 * @throws if a request fails or is not answered with a success
 */
export async function drive(origin: string, { requests, connections, seconds }: DriveOptions): Promise<Driven> {
  const elapsedMs: number[] = []
  let connection = 0
  const run = autocannon({
    url: origin,
    connections,
    duration: seconds,
    idReplacement: requests.some(({ body }) => body?.includes('[<id>]')),
    requests: requests.slice(0, 1),
    setupClient: (client) => {
      const at = Math.floor((requests.length * connection++) / connections)
      // Copies: a connection writes into the requests that it is given.
      client.setRequests([...requests.slice(at), ...requests.slice(0, at)].map((request) => ({ ...request })))
    },
  })
  run.on('response', (_client, _status, _bytes, ms) => elapsedMs.push(ms))
  const result = await run
  const failures = result.non2xx + result.errors + result.timeouts
  if (failures > 0 || elapsedMs.length === 0) {
    throw new Error(`${failures} of ${result['2xx'] + failures} requests to ${requests[0]?.path} failed`)
  }
  return {
    count: result['2xx'],
    requestsPerSecond: result['2xx'] / result.duration,
    p50Ms: percentile(elapsedMs, 50),
    p99Ms: percentile(elapsedMs, 99),
  }
}
