import assert from 'node:assert/strict'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { SecretWatch } from '@bailiwick/kit/testing'
import { apiKeys } from './api-keys.ts'
import type { Chapter, WalkState } from './chapter.ts'
import { credentials } from './credentials.ts'
import { demands } from './demands.ts'
import { impersonation } from './impersonation.ts'
import { leaving } from './leaving.ts'
import { members } from './members.ts'
import { ownDetails } from './own-details.ts'
import { passkeys } from './passkeys.ts'
import { renderReference, type Section } from './render-reference.ts'
import { secondFactor } from './second-factor.ts'
import { sessions } from './sessions.ts'
import { signingIn } from './signing-in.ts'
import { signingUp } from './signing-up.ts'
import { openSite, PASSWORD, type Site } from './site.ts'

const CHAPTERS: readonly Chapter[] = [
  signingUp,
  signingIn,
  ownDetails,
  secondFactor,
  passkeys,
  sessions,
  members,
  demands,
  apiKeys,
  impersonation,
  credentials,
  leaving,
]

const PAGE = resolve(import.meta.dirname, '../../../docs/reference/account-endpoints.md')

const INTRODUCTION = `# Endpoints of accounts and businesses

Every endpoint below \`/api/account/\` and \`/api/business/\`, with what it was really sent and what it really answered, in
one walk of one person. Ids, moments and secrets are replaced. What they take and refuse in full is in the documentation
that the server itself gives at \`/api/docs/\`; the envelope of every answer is told in [REST](rest.md) and
[errors](errors.md).`

describe('the walk along the account', () => {
  let site: Site
  const sections: Section[] = []
  before(async () => {
    site = await openSite()
  })
  after(() => site.close())

  const state: WalkState = {
    email: 'nadia@riverside.example',
    password: PASSWORD,
    access: '',
    refresh: '',
    totpSecret: '',
    recoveryCodes: [],
  }

  for (const { title, about, walk } of CHAPTERS) {
    it(title, async () => {
      const from = site.walker.exchanges.length
      await walk({ site, state })
      const shown = site.walker.exchanges.slice(from).filter((exchange) => exchange.title !== null)
      sections.push({ title, about, exchanges: shown })
    })
  }

  it('goes along every endpoint of accounts and businesses', async () => {
    const walked = new Set(site.walker.exchanges.map(({ method, path }) => `${method} ${operationPath(path)}`))
    const { paths } = JSON.parse(await (await fetch(`${site.origin}/api/schema/`)).text())
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      /^\/api\/(account|business)\//.test(path)
        ? Object.keys(operations as object).map((method) => `${method.toUpperCase()} ${operationPath(path)}`) // as: JSON
        : [],
    )
    assert.deepEqual(
      documented.filter((operation) => !walked.has(operation)),
      [],
    )
  })

  // To write the page anew: UPDATE_DOCS=1 npm test -- account-walk
  it('is what docs/reference/account-endpoints.md shows', async () => {
    const page = renderReference(INTRODUCTION, sections)
    if (process.env.UPDATE_DOCS) await writeFile(PAGE, page)
    assert.equal(await readFile(PAGE, 'utf8'), page)
  })

  it('leaves no password, token, code or secret in the files of the database, nor in the log', async () => {
    const watch = new SecretWatch()
    for (const { body, answer, status } of site.walker.exchanges) watch.note({ sent: body, got: answer, status })
    for (const code of state.recoveryCodes) watch.add(code)
    assert.ok(watch.size > 20, 'the walk has handled secrets')
    const folder = dirname(site.databaseFile)
    for (const name of await readdir(folder)) {
      if (!name.startsWith('db.sqlite3')) continue
      // The files themselves: what was deleted may still lie in them.
      assert.equal(watch.findIn(await readFile(join(folder, name), 'latin1')), null, name)
    }
    assert.match(site.log(), /"statusCode":|POST /)
    assert.equal(watch.findIn(site.log()), null)
  })
})

/** The path of an exchange or of the document, with ids left out. */
function operationPath(path: string): string {
  const bare = path.split('?', 1)[0] ?? ''
  return `${bare.replace(/\/$/, '').replaceAll(/\{[^}]*\}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '*')}/`
}
