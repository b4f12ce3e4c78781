import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { type TestDatabase, type TestDatabaseSource, testDatabases } from '@bailiwick/kit/db'
import { TestClient, testProject } from '@bailiwick/kit/testing'
import { project } from '../../backend/core/project.ts'
import { ManageProcess } from '../../backend/tests/manage-process.ts'
import { startServing } from '../../backend/tests/serving-process.ts'
import { residentMegabytesOf } from '../running-server.ts'
import { percentile } from '../statistics.ts'
import type { StormOrder } from './login-storm-worker.ts'

export interface StormOptions {
  readonly source: TestDatabaseSource
  readonly rounds: number
  /** How long each round asks in calm, and again in the storm. */
  readonly phaseMs: number
  /** People who sign in at the same time. */
  readonly logins: number
}

export interface StormReport {
  readonly calmP99Ms: number
  readonly stormP99Ms: number
  readonly ratio: number
  readonly calmRequests: number
  readonly stormRequests: number
  readonly residentMegabytes: { readonly before: number; readonly most: number }
  /** How often each status answered a sign-in. */
  readonly answers: Readonly<Record<string, number>>
}

const USERS = 50
const CLIENTS = 4

/** Asks a route in calm and in a storm of sign-ins, by turns, so that whatever else the machine does weighs on both. */
export async function measureStorm({ source, rounds, phaseMs, logins }: StormOptions): Promise<StormReport> {
  let database: TestDatabase | undefined
  const create = async () => {
    database = await source.create()
    return database
  }
  const app = await testProject(project, { source: { name: source.name, create } })
  const manage = await ManageProcess.here()
  if (!database) throw new Error('There is no database')
  const server = await startServing(manage, { database: database.options })
  try {
    const users = await Promise.all(Array.from({ length: USERS }, () => app.make.user()))
    const [{ email, password } = { email: '', password: '' }] = users
    const signedIn = await new TestClient(server.url).post('/api/account/login/', { email, password })
    const member = new TestClient(server.url, signedIn.body.data.access)
    const order: StormOrder = {
      url: server.url,
      logins,
      users: users.map(({ email, password }) => ({ email, password })),
    }
    const times = { calm: [] as number[], storm: [] as number[] }
    const answers: Record<string, number> = {}
    await ask(member, phaseMs) // to warm up
    const before = residentMegabytesOf(server.pid)
    let most = before
    for (let round = 0; round < rounds; round++) {
      times.calm.push(...(await ask(member, phaseMs)))
      const end = startStorm(order)
      times.storm.push(...(await ask(member, phaseMs)))
      most = Math.max(most, residentMegabytesOf(server.pid))
      for (const [status, count] of Object.entries(await end())) answers[status] = (answers[status] ?? 0) + count
    }
    const [calmP99Ms, stormP99Ms] = [percentile(times.calm, 99), percentile(times.storm, 99)]
    return {
      ...{ calmP99Ms, stormP99Ms, ratio: stormP99Ms / calmP99Ms, answers },
      ...{ calmRequests: times.calm.length, stormRequests: times.storm.length },
      residentMegabytes: { before, most },
    }
  } finally {
    await server.stop()
    await manage.remove()
    await app.close()
  }
}

/** Asks for a while, by several clients of which each waits for its answer; gives how long each answer took. */
async function ask(member: TestClient, forMs: number): Promise<number[]> {
  const until = performance.now() + forMs
  const times: number[] = []
  const client = async () => {
    while (performance.now() < until) {
      const from = performance.now()
      const { status, text } = await member.get('/api/account/me/')
      if (status !== 200) throw new Error(`A request was answered ${status}: ${text}`)
      times.push(performance.now() - from)
    }
  }
  await Promise.all(Array.from({ length: CLIENTS }, client))
  return times
}

/** In a thread of its own, so that the storm takes no time from what measures. Gives what ends it. */
function startStorm(order: StormOrder): () => Promise<Record<string, number>> {
  const worker = new Worker(new URL('./login-storm-worker.ts', import.meta.url), { workerData: order })
  return async () => {
    worker.postMessage('end')
    const [counts] = await once(worker, 'message')
    await worker.terminate()
    return counts
  }
}

if (import.meta.main) {
  const source = testDatabases().find(({ name }) => name === (process.argv[2] ?? 'postgresql'))
  if (!source) throw new Error('That database is not there')
  console.log(await measureStorm({ source, rounds: 6, phaseMs: 6000, logins: 500 }))
}
