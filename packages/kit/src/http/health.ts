import type { FastifyInstance } from 'fastify'
import { ApiError } from '../base/index.ts'
import { errorEnvelope, successEnvelope } from './envelope.ts'

/** Settles if what it looks at works, and rejects if not; or says that there is nothing to look at. */
export type HealthCheck = (() => Promise<unknown>) | 'not configured'

export type HealthState = 'ok' | 'down' | 'not configured'

const LONGEST_CHECK_MS = 1000

/**
 * Serves `/api/health/live/`, which answers as long as the process does, and `/api/health/ready/`, which is 503 while
 * a check is down or the server is stopping. Why a check is down is told by the log alone.
 */
export function addHealthRoutes(server: FastifyInstance, checks: Readonly<Record<string, HealthCheck>>): void {
  const runAll = shareWhileRunning(() => runChecks(server, checks))

  server.get('/api/health/live/', async (request) => successEnvelope({ status: 'ok' }, { requestId: request.id }))

  server.get('/api/health/ready/', async (request, reply) => {
    const states = await runAll()
    const isReady = !server.lifecycle.isStopping && !Object.values(states).includes('down')
    if (isReady) return successEnvelope(states, { requestId: request.id })
    reply.code(503).header('retry-after', '1')
    return { ...errorEnvelope(new ApiError('service_unavailable'), request.id), data: states }
  })
}

/** Calls that come while one is running get its outcome, so that probes cannot pile up on a database in trouble. */
function shareWhileRunning<Outcome>(run: () => Promise<Outcome>): () => Promise<Outcome> {
  let running: Promise<Outcome> | null = null
  return () => {
    running ??= run().finally(() => {
      running = null
    })
    return running
  }
}

async function runChecks(
  server: FastifyInstance,
  checks: Readonly<Record<string, HealthCheck>>,
): Promise<Record<string, HealthState>> {
  const entries = Object.entries(checks).map(
    async ([name, check]) => [name, await runCheck(server, name, check)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function runCheck(server: FastifyInstance, name: string, check: HealthCheck): Promise<HealthState> {
  if (check === 'not configured') return check
  const { promise: tooLate, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`No answer within ${LONGEST_CHECK_MS} ms`)), LONGEST_CHECK_MS)
  try {
    await Promise.race([check(), tooLate])
    return 'ok'
  } catch (err) {
    server.log.warn({ err }, `health check ${name} is down`)
    return 'down'
  } finally {
    clearTimeout(timer)
  }
}
