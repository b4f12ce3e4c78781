import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { ManageProcess, printed, stop } from '../manage-process.ts'
import { type Answer, Walker } from './exchange.ts'
import { MailFolder } from './mail-folder.ts'

export const FRONTEND = 'https://app.example.com'
export const PASSWORD = 'seven-boats-on-a-lake'

/** The project as it is served to people, by a process of its own, with mail that lies in a folder. */
export interface Site {
  readonly walker: Walker
  readonly mail: MailFolder
  readonly origin: string
  /** What the process has logged since it serves. */
  log(): string
  /** Where its database is. */
  readonly databaseFile: string
  close(): Promise<void>
}

export async function openSite(environment: Readonly<Record<string, string>> = {}): Promise<Site> {
  const manage = await ManageProcess.here()
  const mailFolder = join(manage.folder, 'mail')
  const settings = {
    EMAIL_BACKEND: 'file',
    EMAIL_FILE_PATH: mailFolder,
    FRONTEND_URL: FRONTEND,
    CORS_ALLOWED_ORIGINS: FRONTEND,
    CSRF_TRUSTED_ORIGINS: FRONTEND,
    LOG_LEVEL: 'trace',
    ...environment,
  }
  const child = manage.start(['demo', '--serve'], { environment: settings })
  const lines = collected(child)
  const [origin] = await printed(child, /http:\/\/127\.0\.0\.1:\d+/)
  await answering(origin)
  // What the demo prints of its own sign-ins before it serves is for people to read.
  const greeting = lines()
  return {
    walker: new Walker(origin),
    mail: new MailFolder(mailFolder),
    origin,
    log: () => lines().slice(greeting.length),
    databaseFile: join(manage.folder, 'db.sqlite3'),
    close: async () => {
      await stop(child)
      await manage.remove()
    },
  }
}

function collected(child: ChildProcess): () => string {
  let text = ''
  const take = (chunk: Buffer): void => {
    text += chunk
  }
  child.stdout?.on('data', take)
  child.stderr?.on('data', take)
  return () => text
}

async function answering(origin: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const isReady = await fetch(`${origin}/api/health/ready/`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('The server did not get ready')
}

/** Signs somebody in who has no second factor, and gives the access token. */
export async function accessOf({ walker }: Site, email: string, password = 'Demo-pass-2026'): Promise<string> {
  const { body }: Answer = await walker.send('POST', '/api/account/login/', { body: { email, password } })
  return body.data.access
}
