import type { FastifyRequest } from 'fastify'
import { atLeast, type Principal, refuse } from '../auth/index.ts'
import { ApiError, type Meta } from '../base/index.ts'
import type { Protector } from '../db/index.ts'
import { permissionFor, STANDARD_ACTIONS, type ViewSet } from './viewset.ts'

/**
 * Runs a deletion. If rows stand in its way, the answer names those that the asker could read at an endpoint of the API;
 * of others it tells their number alone.
 */
export async function namingReadable<Result>(
  sets: readonly ViewSet[],
  request: FastifyRequest,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    throw error instanceof ApiError && error.code === 'protected' ? readableRefusal(error, sets, request) : error
  }
}

function readableRefusal(error: ApiError, sets: readonly ViewSet[], { principal }: FastifyRequest): ApiError {
  const { message, errors, cause } = error
  const protectors = (error.meta.protected_by ?? []) as readonly Protector[] // as: the deletion put them there
  const told = protectors.map((protector): Protector => {
    const reading = sets.find((set) => set.model.label === protector.model && isReadBy(set, principal))
    if (!reading) return { ...protector, rows: [] }
    return showsDisplay(reading)
      ? protector
      : { ...protector, rows: protector.rows.map(({ id }) => ({ id, display: null })) }
  })
  const meta: Meta = { ...error.meta, protected_by: told }
  return new ApiError('protected', { message, errors, meta, cause })
}

/** Whether somebody may read all rows of a viewset: what is narrowed row by row is not asked here. */
function isReadBy(set: ViewSet, principal: Principal | null): boolean {
  if (set.options.filterRows) return false
  const served = set.options.only ?? STANDARD_ACTIONS
  return (['list', 'retrieve'] as const).some((action) => {
    const permission = permissionFor(set, action, atLeast('manager'))
    const isOpen = !permission.needsObject && refuse(permission, { principal, action, method: 'GET' }) === null
    return served.includes(action) && isOpen
  })
}

function showsDisplay({ model, options, serializer }: ViewSet): boolean {
  const { members } = options.serializers?.list ?? options.serializers?.retrieve ?? serializer
  return members.some((member) => member.name === model.display && member.type === 'field' && !member.isWriteOnly)
}
