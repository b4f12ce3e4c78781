import assert from 'node:assert/strict'
import type { Request } from 'autocannon'
import { CASE_NAMES, type CaseRequests } from './cases.ts'

/** What a server answers, without what must differ from request to request. */
export interface Answer {
  readonly request: string
  readonly status: number
  readonly body: unknown
}

const ASKED_PER_CASE = 25

/** Asks some requests of each case, from all over the list. */
export async function collectAnswers(origin: string, requests: CaseRequests): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const name of CASE_NAMES) {
    const step = Math.ceil(requests[name].length / ASKED_PER_CASE)
    const asked = requests[name].filter((_, at) => at % step === 0)
    for (const [at, request] of asked.entries()) answers.push(await answerTo(origin, request, at))
  }
  return answers
}

/** @throws {AssertionError} at the first answer that is not the same */
export function assertSameAnswers(ours: readonly Answer[], baseline: readonly Answer[]): void {
  assert.equal(ours.length, baseline.length)
  for (const [at, answer] of ours.entries()) {
    assert.deepEqual(answer, baseline[at], `The servers do not give the same answer to ${answer.request}`)
  }
}

/** Takes the request's id out of a body, and of a new row what the server made up. */
export function comparable(body: unknown, isCreated: boolean): unknown {
  const copy = JSON.parse(JSON.stringify(body), (_key, value) => sameMoment(value))
  if (!isObject(copy)) return copy
  if (isObject(copy.meta)) delete copy.meta.request_id
  if (isCreated && isObject(copy.data)) {
    for (const name of ['id', 'created_at', 'updated_at']) {
      assert.equal(typeof copy.data[name], 'string', `A new row has no ${name}`)
      delete copy.data[name]
    }
  }
  return copy
}

async function answerTo(origin: string, { method, path, headers, body }: Request, number: number): Promise<Answer> {
  const sent = body?.replace('[<id>]', `compared-${number}`)
  const response = await fetch(origin + path, { method, headers, ...(sent !== undefined && { body: sent }) })
  assert.ok(response.ok, `${method} ${path} was answered with ${response.status}: ${await response.clone().text()}`)
  return {
    request: `${method} ${path}`,
    status: response.status,
    body: comparable(await response.json(), response.status === 201),
  }
}

/** The same moment may be written with more zeros or fewer. */
const sameMoment = (value: unknown): unknown =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? new Date(value).toISOString() : value

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
