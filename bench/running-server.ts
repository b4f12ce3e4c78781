import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface ServerCommand {
  readonly name: string
  /** What Node is to run. */
  readonly nodeArguments: readonly string[]
  readonly port: number
  readonly environment: Readonly<Record<string, string>>
}

/** A server in a process of its own. */
export interface RunningServer {
  readonly name: string
  readonly origin: string
  /** From the start of the process to the first answer that it is ready. */
  readonly readyMs: number
  /** Processor time that it has used, on all its threads. */
  cpuSeconds(): number
  residentMegabytes(): number
  stop(): Promise<void>
}

const LONGEST_START_MS = 30_000
const LONGEST_STOP_MS = 15_000
const ASK_EVERY_MS = 5
const KEPT_OUTPUT = 4000

/** Starts a server and waits until it is ready. @throws if it ends, or is not ready in time, with what it wrote */
export async function startServer({ name, nodeArguments, port, environment }: ServerCommand): Promise<RunningServer> {
  const startedAt = performance.now()
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...nodeArguments], {
    env: { ...process.env, ...environment, PORT: String(port), NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString('utf8')).slice(-KEPT_OUTPUT)
    })
  }
  const ended = once(child, 'exit')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    const hasStopped = await Promise.race([ended.then(() => true), sleep(LONGEST_STOP_MS, false, { ref: false })])
    if (!hasStopped) child.kill('SIGKILL')
    await ended
  }
  const origin = `http://127.0.0.1:${port}`
  try {
    await untilReady(`${origin}/api/health/ready/`, () => child.exitCode === null && child.signalCode === null)
  } catch (error) {
    await stop()
    throw new Error(`The server '${name}' did not start: ${String(error)}\n${output}`)
  }
  const pid = child.pid ?? 0
  const readyMs = performance.now() - startedAt
  return {
    name,
    origin,
    readyMs,
    cpuSeconds: () => cpuSecondsOf(pid),
    residentMegabytes: () => residentMegabytesOf(pid),
    stop,
  }
}

/** A port of this machine that nothing listens on. */
export async function findFreePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  listener.close()
  await once(listener, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function untilReady(url: string, isRunning: () => boolean): Promise<void> {
  const deadline = performance.now() + LONGEST_START_MS
  while (performance.now() < deadline) {
    if (!isRunning()) throw new Error('it has ended')
    const response = await fetch(url).catch(() => null)
    await response?.arrayBuffer()
    if (response?.status === 200) return
    await sleep(ASK_EVERY_MS)
  }
  throw new Error(`it was not ready within ${LONGEST_START_MS} ms`)
}

const TICKS_PER_SECOND = 100 // USER_HZ, on every Linux that Node runs on
const BYTES_PER_MEGABYTE = 1_000_000

/** @throws if there is no `/proc`: what a process uses is measured on Linux alone */
function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program, in parentheses, may hold spaces. User and system time are the fields 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

export function residentMegabytesOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return (Number(kilobytes) * 1024) / BYTES_PER_MEGABYTE
}
