import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const LONGEST_WAIT_MS = 20_000
const LOOK_EVERY_MS = 50

/** The folder that a server writes its messages to, as a person reads their mail: each message once. */
export class MailFolder {
  readonly #folder: string
  readonly #read = new Set<string>()

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The next unread message to an address that holds the pattern, as it was matched. @throws {Error} if none comes */
  async next(to: string, pattern: RegExp): Promise<RegExpExecArray> {
    for (let waitedMs = 0; waitedMs < LONGEST_WAIT_MS; waitedMs += LOOK_EVERY_MS) {
      for (const name of await this.#unread()) {
        const text = await readFile(join(this.#folder, name), 'utf8')
        if (!text.includes(`To: ${to}\n`)) continue
        const found = pattern.exec(text)
        if (found === null) continue
        this.#read.add(name)
        return found
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    throw new Error(`No message to ${to} with ${pattern} came within ${LONGEST_WAIT_MS} ms`)
  }

  /** The token in the link of the next message to an address. */
  async nextToken(to: string, page: string): Promise<string> {
    const [, token = ''] = await this.next(to, new RegExp(`/${page}/?\\?token=([\\w-]+)`))
    return token
  }

  async #unread(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => [])
    return names.filter((name) => name.endsWith('.eml') && !this.#read.has(name)).sort()
  }
}
