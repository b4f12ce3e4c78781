/**
 * Measures whether the time of an answer tells which addresses have an account: known and unknown ones are asked for in
 * turn, and Welch's t says how far apart they are. Run it by hand, at a quiet moment:
 *
 *   node bench/tests/enumeration.ts [pairs] [sqlite | postgresql | mysql] [endpoint …]
 */
import { once } from 'node:events'
import { mock } from 'node:test'
import { MemoryMailer, SmtpMailer } from '@bailiwick/kit/mail'
import { type TestClient, type TestProject, testDatabases, testProject } from '@bailiwick/kit/testing'
import { SMTPServer } from 'smtp-server'
import { project } from '../../backend/core/project.ts'
import { percentile } from '../statistics.ts'
import { mean, welch } from '../welch.ts'

const ADDRESSES = 20
/** Beyond it the machine was busy with something else: both sides are cut at the same place. */
const KEPT_PERCENT = 95
const ENVIRONMENT = {
  EMAIL_LIMIT: '1000',
  EMAIL_LIMIT_ADDRESS: '100000',
  LOCKOUT_FAILURES: '1000',
  LOCKOUT_ADDRESS_FAILURES: '100000',
}

interface Endpoint {
  readonly path: string
  readonly body: (email: string) => object
  readonly client: TestClient
}

const [pairsText = '2000', database = 'postgresql', ...only] = process.argv.slice(2)
const pairs = Number(pairsText)

console.log(`${pairs} pairs on ${database}; t within ±4.5 is noise`)
for (const smtp of ['up', 'down'] as const) await measureAll(smtp)

async function measureAll(smtp: 'up' | 'down'): Promise<void> {
  const source = testDatabases().find(({ name }) => name === database)
  if (!source) throw new Error(`Cannot measure on ${database}: it is not there`)
  const mailServer = await openMailServer()
  if (smtp === 'down') await closeServer(mailServer.server)
  const mailer = new SmtpMailer({
    host: '127.0.0.1',
    port: mailServer.port,
    user: '',
    password: '',
    useTls: false,
    useSsl: false,
    timeoutMs: 5000,
  })
  const send = mock.method(MemoryMailer.prototype, 'send', (message: Parameters<SmtpMailer['send']>[0]) =>
    mailer.send(message),
  )
  const app = await testProject(project, { source, environment: ENVIRONMENT })
  try {
    for (const endpoint of await endpointsOf(app)) {
      if (only.length > 0 && !only.includes(endpoint.path)) continue
      await measure(app, endpoint, smtp)
    }
  } finally {
    await app.close()
    send.mock.restore()
    if (smtp === 'up') await closeServer(mailServer.server)
  }
}

async function endpointsOf(app: TestProject): Promise<readonly Endpoint[]> {
  const admin = await app.as(await app.make.user({ business: await app.make.business() }))
  const password = 'Some-pass-of-nobody'
  return [
    { path: 'email/resend/', body: (email) => ({ email }), client: app.guest },
    { path: 'password/reset/', body: (email) => ({ email }), client: app.guest },
    { path: 'email/change/', body: (email) => ({ email }), client: admin },
    { path: 'register/', body: (email) => ({ email, password, name: 'Nobody' }), client: app.guest },
    { path: 'login/', body: (email) => ({ email, password }), client: app.guest },
  ]
}

async function measure(app: TestProject, endpoint: Endpoint, smtp: string): Promise<void> {
  const known: string[] = []
  const unknown: string[] = []
  for (let index = 0; index < ADDRESSES; index++) {
    const { email } = await app.make.user()
    known.push(email)
    unknown.push(`nobody-${endpoint.path.replaceAll('/', '-')}${index}@example.com`)
  }
  const times = { known: [] as number[], unknown: [] as number[] }
  for (let round = -50; round < pairs; round++) {
    const index = Math.abs(round) % ADDRESSES
    const order = Math.random() < 0.5 ? (['known', 'unknown'] as const) : (['unknown', 'known'] as const)
    for (const kind of order) {
      const ms = await timeOf(endpoint, (kind === 'known' ? known : unknown)[index] ?? '')
      if (round >= 0) times[kind].push(ms)
    }
  }
  report(`${endpoint.path} smtp ${smtp}`, times)
}

async function timeOf({ path, body, client }: Endpoint, email: string): Promise<number> {
  const start = performance.now()
  const { status } = await client.post(`/api/account/${path}`, body(email))
  const ms = performance.now() - start
  if (status !== 202 && status !== 401) throw new Error(`${path} answered ${status}`)
  return ms
}

function report(name: string, { known, unknown }: { readonly known: number[]; readonly unknown: number[] }): void {
  const limit = percentile([...known, ...unknown], KEPT_PERCENT)
  const [shortKnown, shortUnknown] = [known, unknown].map((times) => times.filter((ms) => ms <= limit))
  const figures = {
    known: `${mean(known).toFixed(3)} ms`,
    unknown: `${mean(unknown).toFixed(3)} ms`,
    t: welch(known, unknown).toFixed(2),
    [`t of the shortest ${KEPT_PERCENT} %`]: welch(shortKnown ?? [], shortUnknown ?? []).toFixed(2),
  }
  console.log(name, JSON.stringify(figures))
}

async function openMailServer(): Promise<{ readonly server: SMTPServer; readonly port: number }> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    onData: (stream, _session, done) => {
      stream.resume()
      stream.on('end', () => done())
    },
  })
  server.on('error', () => {})
  const listening = server.listen(0, '127.0.0.1')
  await once(listening, 'listening')
  const address = listening.address()
  if (typeof address !== 'object' || address === null) throw new Error('The mail server has no port')
  return { server, port: address.port }
}

function closeServer(server: SMTPServer): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()))
}
