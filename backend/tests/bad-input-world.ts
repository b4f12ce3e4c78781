import assert from 'node:assert/strict'
import {
  type MadeUser,
  type TestClient,
  type TestDatabaseSource,
  type TestProject,
  type TestResponse,
  testProject,
} from '@bailiwick/kit/testing'
import { Client } from '../apps/clients/models.ts'
import { project } from '../core/project.ts'

export const CLIENTS = '/api/clients/clients/'
export const SECRET = 'test-only-k8Zq2vN5xR7tY1uI4oP6aS9dF3gH0jK8lZ2xC5vB7nM1q'

/** Two businesses, each with an admin and a client of its own. */
export interface World {
  readonly app: TestProject
  readonly user: MadeUser
  readonly admin: TestClient
  /** A client of the business. */
  readonly own: string
  /** A client of the other business. */
  readonly foreign: string
  /** The admin of the other business. */
  readonly stranger: MadeUser
  /** Does something, and asserts that it left every client of both businesses as it was. */
  changingNothing<Result>(work: () => Promise<Result>): Promise<Result>
}

export async function createWorld(source: TestDatabaseSource): Promise<World> {
  const app = await testProject(project, { source, environment: { JWT_SECRET_KEY: SECRET } })
  const [acme, globex] = [await app.make.business(), await app.make.business()]
  const user = await app.make.user({ business: acme })
  const stranger = await app.make.user({ business: globex })
  const make = async (business: typeof acme, owner: MadeUser) =>
    app.context(business).query(Client).create({ name: 'Kept', email: 'kept@example.com', owner: owner.id })
  const rows = async () =>
    Promise.all([acme, globex].map((each) => app.context(each).query(Client).withDeleted().orderBy('id').all()))
  const { id: own } = await make(acme, user)
  const { id: foreign } = await make(globex, stranger)
  return {
    app,
    user,
    stranger,
    admin: await app.as(user),
    own,
    foreign,
    changingNothing: async (work) => {
      const before = await rows()
      const result = await work()
      assert.deepEqual(await rows(), before)
      return result
    },
  }
}

export interface Refusal {
  readonly status: number
  readonly code: string
  readonly message?: string | RegExp
  readonly errors?: Readonly<Record<string, readonly string[]>>
}

/** Asserts that an answer is this refusal, whole in its envelope. */
export function assertRefused(answer: TestResponse, { status, code, message, errors }: Refusal, what = ''): void {
  const { body, headers, text } = answer
  assert.deepEqual([answer.status, body?.code], [status, code], `${what}: ${text.slice(0, 500)}`)
  assert.deepEqual(Object.keys(body), ['data', 'message', 'code', 'errors', 'meta'], what)
  assert.equal(body.data, null)
  assert.equal(body.meta.request_id, headers.get('x-request-id'))
  assert.equal(headers.get('content-type'), 'application/json; charset=utf-8')
  if (message instanceof RegExp) assert.match(body.message, message, what)
  else if (message !== undefined) assert.equal(body.message, message, what)
  if (errors) assert.deepEqual(body.errors, errors, what)
}

/** The refusal of an input of which one field is bad. */
export function badField(name: string, ...messages: readonly string[]): Refusal {
  return { status: 400, code: 'validation_failed', message: 'Validation failed', errors: { [name]: messages } }
}
