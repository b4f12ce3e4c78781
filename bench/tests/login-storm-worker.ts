import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

/** A thread with many people who all sign in at once. Whoever is put off comes again when told to, until all is over. */
export interface StormOrder {
  readonly url: string
  readonly logins: number
  readonly users: readonly { readonly email: string; readonly password: string }[]
}

// as: what `login-storm.ts` gives the thread
const { url, logins, users } = workerData as StormOrder

const end = new AbortController()
parentPort?.once('message', () => end.abort())

const counts: Record<string, number> = {}
await Promise.all(Array.from({ length: logins }, (_, at) => getIn(at)))
if (!end.signal.aborted) await once(end.signal, 'abort')
parentPort?.postMessage(counts)

async function getIn(at: number): Promise<void> {
  const { email = '', password = '' } = users[at % users.length] ?? {}
  while (!end.signal.aborted) {
    const response = await fetch(`${url}/api/account/login/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    }).catch(() => null)
    await response?.arrayBuffer()
    const status = String(response?.status ?? 'broken off')
    counts[status] = (counts[status] ?? 0) + 1
    if (status === '200') return
    const seconds = Number(response?.headers.get('retry-after') ?? 1)
    await sleep(1000 * seconds, undefined, { signal: end.signal }).catch(() => {})
  }
}
