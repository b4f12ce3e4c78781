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
 * Sends requests as fast as they are answered. Each connection has its share of them.
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
      client.setRequests(shareOf(requests, connection++, connections))
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

/** What that connection is to send: never nothing, and copies, as a connection writes into its requests. */
function shareOf(requests: readonly Request[], connection: number, connections: number): Request[] {
  const share = requests.filter((_, at) => at % connections === connection % requests.length)
  return share.map((request) => ({ ...request }))
}
