import { randomUUID } from 'node:crypto'
import { type FastifyError, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { type Caller, type Clients, DuplicateEmailError, type ListQuery, type NewClient } from './clients.ts'
import { PostgresqlClients } from './postgresql-clients.ts'
import { CREATE_SCHEMA, FIND_SCHEMA, LIST_SCHEMA } from './schemas.ts'
import { SqliteClients } from './sqlite-clients.ts'
import { TokenVerifier } from './tokens.ts'

declare module 'fastify' {
  interface FastifyRequest {
    caller: Caller | null
  }
}

const PATH = '/api/clients/clients/'

const { DATABASE_URL = '', JWT_SECRET_KEY = '', LOG_LEVEL = 'warn', PORT = '8000', DB_POOL_SIZE = '10' } = process.env
const clients = openClients(DATABASE_URL)
const tokens = new TokenVerifier(JWT_SECRET_KEY)
const server = fastify({
  logger: { level: LOG_LEVEL },
  genReqId: () => randomUUID(),
  routerOptions: { ignoreTrailingSlash: true },
})

server.decorateRequest('caller', null)
server.get('/api/health/ready/', async () => {
  await clients.ping()
  return { data: { database: 'ok' } }
})
server.register(async (api) => {
  api.addHook('onRequest', authenticate)
  api.get<{ Querystring: ListQuery }>(PATH, { schema: LIST_SCHEMA }, listClients)
  api.get<{ Params: { id: string } }>(`${PATH}:id/`, { schema: FIND_SCHEMA }, findClient)
  api.post<{ Body: NewClient }>(PATH, { schema: CREATE_SCHEMA }, createClient)
})
server.setErrorHandler((error: FastifyError, request, reply) => {
  if (error instanceof DuplicateEmailError)
    return refuse(request, reply, 409, 'A client with this email already exists.')
  const status = error.statusCode ?? 500
  if (status >= 500) request.log.error(error)
  return refuse(request, reply, status, status >= 500 ? 'Server error' : error.message)
})
for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, async () => {
    await server.close()
    await clients.close()
  })
}
await server.listen({ host: '127.0.0.1', port: Number(PORT) })

function openClients(url: string): Clients {
  return url.startsWith('sqlite:')
    ? new SqliteClients(new URL(url).pathname.slice(1))
    : new PostgresqlClients(url, Number(DB_POOL_SIZE))
}

async function authenticate(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const { authorization = '' } = request.headers
  const caller = authorization.startsWith('Bearer ') ? await tokens.verify(authorization.slice(7)) : null
  if (!caller) return refuse(request, reply.header('www-authenticate', 'Bearer'), 401, 'Not signed in.')
  request.caller = caller
  return undefined
}

/** Who `authenticate` let in. */
function callerOf({ caller }: FastifyRequest): Caller {
  if (caller === null) throw new Error('The route is open to everybody')
  return caller
}

async function listClients(request: FastifyRequest<{ Querystring: ListQuery }>, reply: FastifyReply) {
  const { page, page_size } = request.query
  const { rows, count } = await clients.list(callerOf(request), request.query)
  if (rows.length === 0 && page > 1) return refuse(request, reply, 404, 'Invalid page.')
  const pagination = {
    count,
    page,
    page_size,
    total_pages: Math.max(1, Math.ceil(count / page_size)),
    next: page * page_size < count ? pageUrl(request, page + 1) : null,
    previous: page > 1 ? pageUrl(request, page - 1) : null,
  }
  return { data: rows, meta: { request_id: request.id, pagination } }
}

async function findClient(request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) {
  const client = await clients.find(callerOf(request), request.params.id)
  if (!client) return refuse(request, reply, 404, 'Not found.')
  return { data: client, meta: { request_id: request.id } }
}

async function createClient(request: FastifyRequest<{ Body: NewClient }>, reply: FastifyReply) {
  const client = await clients.create(callerOf(request), request.body)
  reply.code(201).header('location', `${PATH}${client.id}/`)
  return { data: client, message: 'Created successfully', meta: { request_id: request.id } }
}

function pageUrl(request: FastifyRequest, page: number): string {
  const url = new URL(request.url, `${request.protocol}://${request.host}`)
  if (page === 1) url.searchParams.delete('page')
  else url.searchParams.set('page', String(page))
  return url.href
}

function refuse(request: FastifyRequest, reply: FastifyReply, status: number, message: string): FastifyReply {
  return reply.code(status).send({ data: null, message, meta: { request_id: request.id } })
}
