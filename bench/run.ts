import { writeFile } from 'node:fs/promises'
import { assertSameAnswers, collectAnswers } from './answers.ts'
import { type CaseRequests, caseRequests } from './cases.ts'
import { type BenchDatabase, createBenchDatabase } from './database/index.ts'
import { loadDataset } from './load-dataset.ts'
import { forgetNewClients, measureRound } from './measure.ts'
import { figuresOf, goalsOf, type Round } from './measurements.ts'
import { type Result, reportJson, reportText } from './report.ts'
import { findFreePort, startServer } from './running-server.ts'
import { migrate, type Servers, serversOn } from './servers.ts'
import { type BenchSettings, readBenchSettings } from './settings.ts'
import { signInToMany } from './sign-in.ts'
import { numberText } from './table.ts'

/** Measures the backend beside the server written by hand, and tells whether every goal was met. */
async function runBench(settings: BenchSettings, signal: AbortSignal): Promise<boolean> {
  const database = await createBenchDatabase(settings.databaseUrl)
  try {
    const result = await measure(database, settings, signal)
    console.log(`\n${reportText(result)}`)
    if (settings.jsonFile) await writeFile(settings.jsonFile, `${JSON.stringify(reportJson(result), null, 2)}\n`)
    return goalsOf(result.ours, result.baseline, settings.against).every(({ isMet }) => isMet)
  } finally {
    if (settings.keepsDatabase) console.log(`Kept: ${database.url}`)
    await (settings.keepsDatabase ? database.close() : database.drop())
  }
}

async function measure(database: BenchDatabase, settings: BenchSettings, signal: AbortSignal): Promise<Result> {
  const { rows, businesses, rounds, seconds, connections } = settings
  console.log(
    `${await database.version()}, Node ${process.version}: ${numberText(rows)} clients of ${numberText(businesses)} businesses`,
  )
  console.log('Loading…')
  await migrate(database)
  await loadDataset(database, settings)
  const servers = serversOn(database, await findFreePort(), settings.against)
  const requests = await compareServers(servers, database, settings)
  console.log(
    `Both servers give the same answers. ${connections} connections, ${rounds} rounds of ${seconds} s for each case:`,
  )
  const ours: Round[] = []
  const baseline: Round[] = []
  for (let round = 1; round <= rounds; round++) {
    ours.push(await measureAndTell(servers.ours, round))
    baseline.push(await measureAndTell(servers.baseline, round))
  }
  return { ours: figuresOf(ours), baseline: figuresOf(baseline), database: database.name, against: settings.against }

  async function measureAndTell(command: Servers['ours'], number: number): Promise<Round> {
    signal.throwIfAborted()
    const round = await measureRound(command, { database, requests, settings })
    const figures = Object.entries(round.cases).map(
      ([name, { requestsPerSecond }]) => `${name} ${numberText(requestsPerSecond)}`,
    )
    console.log(`  round ${number}, ${command.name}: ${figures.join(', ')} requests/s`)
    return round
  }
}

/** Makes the requests that both are asked. @throws {AssertionError} if they do not answer the same */
async function compareServers(
  servers: Servers,
  database: BenchDatabase,
  settings: BenchSettings,
): Promise<CaseRequests> {
  const first = await startServer(servers.ours)
  let requests: CaseRequests
  let answers: Awaited<ReturnType<typeof collectAnswers>>
  try {
    requests = caseRequests(await signInToMany(first.origin, settings), settings)
    answers = await collectAnswers(first.origin, requests)
  } finally {
    await first.stop()
    await forgetNewClients(database)
  }
  const second = await startServer(servers.baseline)
  try {
    assertSameAnswers(answers, await collectAnswers(second.origin, requests))
  } finally {
    await second.stop()
    await forgetNewClients(database)
  }
  return requests
}

const interruption = new AbortController()
// An interrupted run still stops its server and drops its database.
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.once(name, () => {
    console.error('Interrupted: cleaning up…')
    interruption.abort()
  })
}
const settings = readBenchSettings(process.env)
try {
  const isFast = await runBench(settings, interruption.signal)
  if (settings.isStrict && !isFast) process.exitCode = 1
} catch (error) {
  if (!interruption.signal.aborted) throw error
  process.exitCode = 130
}
