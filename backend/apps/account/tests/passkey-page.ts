import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const REFERENCE = new URL('../../../../docs/reference/passkeys.md', import.meta.url)

/** A page in a browser, on an origin of its own, with the code of the reference in it. */
export interface PasskeyPage {
  /** `http://localhost:…`, where browsers allow passkeys without https. */
  readonly origin: string
  /** Says where the API is. Call it before the page is opened. */
  callApi(url: string): void
  close(): Promise<void>
}

export async function servePasskeyPage(): Promise<PasskeyPage> {
  let api = ''
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Passkeys</title><script>${scriptOfReference(api)}</script>`)
  })
  await new Promise<void>((listening) => server.listen(0, 'localhost', listening))
  const { port } = server.address() as AddressInfo // as: it listens on a port
  return {
    origin: `http://localhost:${port}`,
    callApi: (url) => {
      api = url
    },
    close: () =>
      new Promise((closed) => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

/** The code for browsers that the reference shows, which is thereby shown to work. */
function scriptOfReference(api: string): string {
  const [, code] = /```js\n([\s\S]*?)```/.exec(readFileSync(REFERENCE, 'utf8')) ?? []
  if (code === undefined) throw new Error('docs/reference/passkeys.md shows no code for browsers')
  return code.replace('https://api.example.com/api/account/', `${api}/api/account/`)
}
