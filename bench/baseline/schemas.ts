import { IS_TUNED } from './tuned.ts'

const UUID = { type: 'string', format: 'uuid' } as const
const STATUS = { type: 'string', enum: ['lead', 'active', 'archived'] } as const

/** Needs no escaping, as the database made it; to say so is `fast-json-stringify`'s own `format`. */
const PLAIN = IS_TUNED ? ({ type: 'string', format: 'unsafe' } as const) : ({ type: 'string' } as const)
const MOMENT = IS_TUNED ? PLAIN : ({ type: 'string', format: 'date-time' } as const)
const OPTIONAL_PLAIN = { ...PLAIN, nullable: true } as const
const OPTIONAL_TEXT = { type: 'string', nullable: true } as const

const CLIENT = {
  type: 'object',
  properties: {
    id: PLAIN,
    name: { type: 'string' },
    email: OPTIONAL_TEXT,
    phone: OPTIONAL_TEXT,
    status: PLAIN,
    owner: OPTIONAL_PLAIN,
    credit: PLAIN,
    notes: OPTIONAL_TEXT,
    tags: {},
    birthday: OPTIONAL_PLAIN,
    created_at: MOMENT,
    updated_at: MOMENT,
  },
} as const

const PAGINATION = {
  type: 'object',
  properties: {
    count: { type: 'integer' },
    page: { type: 'integer' },
    page_size: { type: 'integer' },
    total_pages: { type: 'integer' },
    next: OPTIONAL_TEXT,
    previous: OPTIONAL_TEXT,
  },
} as const

const META = { type: 'object', properties: { request_id: PLAIN } } as const

const answer = <Data extends object>(data: Data) =>
  ({ type: 'object', properties: { data, message: { type: 'string' }, meta: META } }) as const

export const LIST_SCHEMA = {
  querystring: {
    type: 'object',
    additionalProperties: false,
    properties: {
      page: { type: 'integer', minimum: 1, default: 1 },
      page_size: { type: 'integer', minimum: 1, maximum: 200, default: 50 },
      status: STATUS,
      search: { type: 'string', maxLength: 200 },
    },
  },
  response: {
    200: {
      type: 'object',
      properties: {
        data: { type: 'array', items: CLIENT },
        meta: { type: 'object', properties: { ...META.properties, pagination: PAGINATION } },
      },
    },
  },
} as const

export const FIND_SCHEMA = {
  params: { type: 'object', properties: { id: UUID }, required: ['id'] },
  response: { 200: answer(CLIENT) },
} as const

export const CREATE_SCHEMA = {
  body: {
    type: 'object',
    additionalProperties: false,
    required: ['name'],
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 200 },
      email: { type: 'string', format: 'email', maxLength: 254, nullable: true },
      phone: { type: 'string', pattern: '^\\+?[0-9]{3,15}$', nullable: true },
      status: STATUS,
      owner: { ...UUID, nullable: true },
      credit: { type: 'string', pattern: '^-?[0-9]{1,10}(\\.[0-9]{1,2})?$' },
      notes: { type: 'string', nullable: true },
      tags: { type: 'array', items: { type: 'string' } },
      birthday: { type: 'string', format: 'date', nullable: true },
    },
  },
  response: { 201: answer(CLIENT) },
} as const
