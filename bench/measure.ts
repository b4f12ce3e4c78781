import { CASE_NAMES, type CaseName, type CaseRequests } from './cases.ts'
import type { BenchDatabase } from './database/index.ts'
import { LAST_MOMENT } from './dataset.ts'
import { drive } from './drive.ts'
import type { CaseMeasurement, Round } from './measurements.ts'
import { type RunningServer, type ServerCommand, startServer } from './running-server.ts'
import type { BenchSettings } from './settings.ts'

export interface RoundParts {
  readonly database: BenchDatabase
  readonly requests: CaseRequests
  readonly settings: BenchSettings
}

/** Starts a server alone, drives it through every case, and stops it. */
export async function measureRound(command: ServerCommand, parts: RoundParts): Promise<Round> {
  const server = await startServer(command)
  try {
    const cases: Partial<Record<CaseName, CaseMeasurement>> = {}
    for (const name of CASE_NAMES) cases[name] = await measureCase(server, name, parts)
    const { list, filter, retrieve, create } = cases
    if (!list || !filter || !retrieve || !create) throw new Error('A case was not measured')
    const residentMegabytes = server.residentMegabytes()
    return { cases: { list, filter, retrieve, create }, readyMs: server.readyMs, residentMegabytes }
  } finally {
    await server.stop()
    await forgetNewClients(parts.database)
  }
}

/** Takes out what was created, so that every round finds the same rows. */
export async function forgetNewClients(database: BenchDatabase): Promise<void> {
  await database.deleteCreatedAfter('clients_client', LAST_MOMENT)
  await database.settle()
}

async function measureCase(server: RunningServer, name: CaseName, parts: RoundParts): Promise<CaseMeasurement> {
  const { connections, seconds, warmUpSeconds } = parts.settings
  const requests = parts.requests[name]
  await drive(server.origin, { requests, connections, seconds: warmUpSeconds })
  const before = server.cpuSeconds()
  const driven = await drive(server.origin, { requests, connections, seconds })
  const cpuSecondsPer1000 = ((server.cpuSeconds() - before) * 1000) / driven.count
  return { ...driven, cpuSecondsPer1000 }
}
