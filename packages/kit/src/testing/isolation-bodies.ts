import { newId } from '../base/index.ts'
import { isForeignKey } from '../db/index.ts'
import type { Endpoint, FieldMember } from '../rest/index.ts'
import type { Intruder } from './intruder.ts'

type Body = Readonly<Record<string, unknown>>

/** A body that the endpoint takes, with rows of the intruder's own business; null if it takes none. */
export async function sampleBody({ body }: Endpoint, { app, own, samples }: Intruder): Promise<Body | null> {
  if (body === null) return null
  const values: Record<string, unknown> = {}
  for (const { name, kind } of writable(body.serializer.members).filter(({ isRequired }) => isRequired)) {
    values[name] = isForeignKey(kind)
      ? (await samples.rowOf(own, app.store.registry.get(kind.targetLabel))).id
      : samples.value({ kind })
  }
  return values
}

/** A try to point to a row of the victim. */
export interface KeyAttempt {
  readonly field: string
  readonly foreignId: string
  readonly unknownId: string
  readonly body: Body
}

/** One attempt for each foreign key of a creation whose rows belong to businesses, or are shared by some. */
export async function keyAttempts(endpoint: Endpoint, intruder: Intruder): Promise<KeyAttempt[]> {
  const { app, victim, samples } = intruder
  const attempts: KeyAttempt[] = []
  for (const { name, kind } of writable(endpoint.body?.serializer.members ?? [])) {
    if (!isForeignKey(kind)) continue
    const target = app.store.registry.get(kind.targetLabel)
    if (target.scope === 'global' && target.sharedThrough === null) continue
    const { id } = await samples.rowOf(victim, target)
    const body = (await sampleBody(endpoint, intruder)) ?? {}
    attempts.push({ field: name, foreignId: String(id), unknownId: unknownId(id), body })
  }
  return attempts
}

/** An id of the same kind that no row has. */
export function unknownId(id: string | bigint): string {
  return typeof id === 'bigint' ? String(id + 1_000_000n) : newId()
}

function writable(members: readonly { readonly type: string }[]): FieldMember[] {
  return members
    .filter((member): member is FieldMember => member.type === 'field')
    .filter(({ isReadOnly }) => !isReadOnly)
}
