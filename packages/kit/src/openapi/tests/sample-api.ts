import type { AddressInfo } from 'node:net'
import type { FastifyInstance } from 'fastify'
import {
  allowAny,
  atLeast,
  isAuthenticated,
  isMember,
  isOwner,
  or,
  PLAIN_SIGN_IN,
  type Principal,
} from '../../auth/index.ts'
import { newId } from '../../base/index.ts'
import {
  bigInteger,
  boolean,
  choice,
  createContext,
  date,
  datetime,
  decimal,
  duration,
  email,
  file,
  float,
  foreignKey,
  image,
  integer,
  ipAddress,
  json,
  longText,
  model,
  money,
  multiChoice,
  phone,
  positiveBigInteger,
  positiveInteger,
  positiveSmallInteger,
  type Store,
  slug,
  smallInteger,
  text,
  time,
  url,
  uuid,
} from '../../db/index.ts'
import { createServer } from '../../http/index.ts'
import {
  action,
  computed,
  type Endpoint,
  endpointsOf,
  listOf,
  orNull,
  router,
  serializer,
  serveEndpoints,
  view,
  viewset,
} from '../../rest/index.ts'
import { readSettings } from '../../settings/index.ts'
import { installOpenApi } from '../index.ts'

export const Person = model('people.Person', {
  scope: 'global',
  reason: 'People work for many businesses.',
  fields: { email: email({ unique: true }), name: text(), password: text({ sensitive: true }).optional() },
})

export const Client = model('clients.Client', {
  scope: 'business',
  fields: {
    name: text({ max: 200, label: 'Full name', help: 'As it stands on invoices.' }),
    email: email().optional(),
    phone: phone().optional(),
    status: choice(['lead', 'active', 'archived']).default('lead'),
    rating: choice(['good', 'bad']).optional(),
    owner: foreignKey(() => Person, { onDelete: 'set null' }).optional(),
    credit: decimal({ digits: 12, places: 2 }).default('0'),
    notes: longText({ blank: true }).default(''),
    tags: json<string[]>().default(() => []),
    birthday: date().optional(),
    pin: text({ max: 4, writeOnly: true }).optional(),
  },
  unique: [['email']],
  display: 'name',
})

/** One field of every kind, on a model with numbers as ids. */
export const Product = model('shop.Product', {
  scope: 'business',
  id: 'bigint',
  softDelete: false,
  version: true,
  fields: {
    code: slug({ max: 3, unique: true }),
    stock: integer({ min: 0, max: 2 }).default(0),
    sold: bigInteger().default(0n),
    weight: float({ min: 0 }).default(1.5),
    is_listed: boolean().default(true),
    opens: time().optional(),
    launched: datetime().default('2026-01-01T00:00:00Z'),
    web_page: url().optional(),
    serial: uuid().optional(),
    grade: smallInteger({ min: 1, max: 5 }).optional(),
    boxes: positiveInteger().default(0),
    seats: positiveSmallInteger().optional(),
    views: positiveBigInteger().default(0n),
    warranty: duration().optional(),
    last_seen_from: ipAddress({ protocol: 'IPv4' }).optional(),
    manual: file({ max: 60, extensions: ['pdf'] }).optional(),
    photo: image().optional(),
    open_on: multiChoice(['mon', 'tue', 'wed'], { min: 1 }).default(['mon']),
    ...money('price', { digits: 12, places: 3, currencies: ['BHD', 'USD'], currency: 'BHD', default: '0' }),
    ...money('fee', { digits: 12, places: 3, currency: 'BHD', optional: true }),
    maker: foreignKey(() => Client, { onDelete: 'protect' }).optional(),
  },
})

/** Shares its name with another app's model. */
const OtherClient = model('shop.Client', { scope: 'business', fields: { nickname: text() } })

export const MODELS = [Person, Client, Product, OtherClient]

const Owner = serializer(Person, { name: 'Owner', fields: ['id', 'name', 'email'] })

const Clients = viewset(Client, {
  search: ['name', 'email'],
  description: 'Those who buy.',
  expand: {
    owner: serializer(Person),
    product: serializer(Product, { name: 'MadeProduct', fields: ['code', 'stock', 'price', 'photo'] }),
  },
  permissions: { default: isMember, destroy: or(atLeast('manager'), isOwner()) },
  actions: {
    archive: action(Client, {
      detail: true,
      summary: 'Archive a client',
      response: serializer(Client),
      message: 'Archived',
      run: async (row, { ctx }) => {
        await ctx.query(Client).filter({ id: row.id }).update({ status: 'archived' })
        return ctx.query(Client).get(row.id)
      },
    }),
  },
})

const Cards = viewset(Client, {
  serializer: serializer(Client, {
    name: 'Card',
    fields: ['id', 'name', 'owner', 'is_deleted'],
    computed: { initial: computed(text({ max: 1 }), (client) => client.name.charAt(0)) },
    nested: { owner: Owner },
  }),
  only: ['list', 'retrieve', 'create'],
})

const SignIn = serializer('SignIn', { fields: { email: email(), password: text({ writeOnly: true }) } })
const Session = serializer('Session', {
  fields: { access: text(), user: Owner, business: orNull(Owner), businesses: listOf(Owner) },
})

const login = view({
  method: 'POST',
  path: 'login/',
  name: 'login',
  summary: 'Sign in',
  permission: allowAny,
  body: SignIn,
  response: Session,
  errors: ['invalid_credentials', 'account_locked'],
  run: async ({ ctx, body }) => {
    const people = ctx.query(Person)
    const known = await people.filter({ email: body.email }).first()
    const user = known ?? (await people.create({ name: 'Asha', email: body.email }))
    return { access: 'token', user, business: null, businesses: [user] }
  },
})

const logout = view({
  method: 'POST',
  path: 'logout/',
  name: 'logout',
  summary: 'Sign out',
  permission: isAuthenticated,
  message: 'Signed out',
  run: async () => undefined,
})

export const ROUTERS = [
  router('account', [login, logout]),
  router('clients', { clients: Clients, cards: Cards }),
  router('shop', { products: viewset(Product), clients: viewset(OtherClient) }),
]

export const INFO = { title: 'Sample <API>', version: '1.2.3', license: { name: 'MIT', identifier: 'MIT' } }

export const sampleEndpoints = (store: Store): Endpoint[] =>
  endpointsOf(ROUTERS, { store, limits: { pageSize: 50, maxPageSize: 200 } })

export interface SampleApi {
  readonly address: string
  /** The routes that were added after the server was made: `GET /api/clients/clients/:id/`. */
  readonly routes: readonly string[]
  readonly endpoints: readonly Endpoint[]
  close(): Promise<void>
}

/** Serves the sample over HTTP with its documentation. A request with an `Authorization` header is a manager's. */
export async function serveSample(store: Store): Promise<SampleApi> {
  const server = await createServer({ settings: readSettings({ DEBUG: 'true', LOG_LEVEL: 'silent' }) })
  const routes: string[] = []
  server.addHook('onRoute', ({ method, url: path }) => {
    for (const name of [method].flat()) routes.push(`${name} ${path}`)
  })
  signInManager(server, store)
  const endpoints = sampleEndpoints(store)
  serveEndpoints(server, endpoints)
  installOpenApi(server, endpoints, INFO)
  await server.listen({ port: 0, host: '127.0.0.1' })
  const { port } = server.server.address() as AddressInfo // as: it listens on TCP
  return { address: `http://127.0.0.1:${port}`, routes, endpoints, close: () => server.close() }
}

const MANAGER: Principal = {
  userId: newId(),
  sessionId: newId(),
  business: newId(),
  role: 'manager',
  isSuperuser: false,
  email: 'manager@acme.test',
  name: 'Asha',
  ...PLAIN_SIGN_IN,
  authenticatedAtMs: Date.now(),
}

function signInManager(server: FastifyInstance, store: Store): void {
  if (!server.hasRequestDecorator('principal')) server.decorateRequest('principal', null)
  if (!server.hasRequestDecorator('ctx')) server.decorateRequest('ctx')
  server.addHook('onRequest', async (request) => {
    const principal = request.headers.authorization === undefined ? null : MANAGER
    const { requestId } = request
    Object.assign(request, {
      principal,
      ctx: createContext(store, { actor: principal?.userId ?? null, business: principal?.business ?? null, requestId }),
    })
  })
}
