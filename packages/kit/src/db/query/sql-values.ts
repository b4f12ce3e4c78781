import type { ColumnInfo, DialectName, DriverValue, RawValue } from '../dialects/index.ts'
import { storedMoment, wireText } from '../fields/index.ts'
import type { Registry } from '../models/index.ts'

/** A value given to `ctx.sql`, in the form that the database takes. @throws {TypeError} for a value that none takes */
export function encodeParameter(value: unknown, dialect: DialectName): DriverValue {
  if (value === null || value === undefined) return null
  if (typeof value === 'boolean') return dialect === 'postgresql' ? (value ? 't' : 'f') : value ? 1 : 0
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') return value
  if (value instanceof Uint8Array) return value
  if (value instanceof Date) return dialect === 'postgresql' ? `${storedMoment(value)}+00` : storedMoment(value)
  if (typeof value === 'object') return JSON.stringify(value)
  throw new TypeError(`Cannot bind a value of type ${typeof value}`)
}

interface DecoderParts {
  readonly registry: Registry
  readonly dialect: DialectName
}

type Decoder = (raw: NonNullable<RawValue>) => unknown

const moment: Decoder = (raw) => new Date(wireText(String(raw)))
const parsed: Decoder = (raw) => JSON.parse(String(raw))
const exact: Decoder = (raw) => BigInt(String(raw))
const same: Decoder = (raw) => raw

/** PostgreSQL names types by number; see pg_type. */
const POSTGRESQL: Readonly<Record<string, Decoder>> = {
  16: (raw) => raw === 't',
  20: exact,
  21: Number,
  23: Number,
  114: parsed,
  700: Number,
  701: Number,
  1184: moment,
  3802: parsed,
}

const SQLITE: Readonly<Record<string, Decoder>> = {
  boolean: (raw) => Number(raw) === 1,
  bigint: exact,
  datetime: moment,
  'json text': parsed,
}

const MYSQL: Readonly<Record<string, Decoder>> = {
  TINY: (raw) => Number(raw) === 1,
  LONGLONG: exact,
  DATETIME: moment,
  JSON: parsed,
}

/** How the values of a result column are read: by the model's field or its type where one tells, else as they are. */
export function decodeColumn({ type, source }: ColumnInfo, { registry, dialect }: DecoderParts): Decoder {
  const columns = source ? registry.findTable(source.table)?.columns.values() : undefined
  const known = columns?.find(({ column }) => column === source?.column)
  if (known) return (raw) => known.kind.decode(raw, dialect)
  if (type === null) return same
  const decimals = /^decimal\(\d+,(\d+)\)$/i.exec(type)
  if (dialect === 'sqlite' && decimals) return (raw) => Number(raw).toFixed(Number(decimals[1]))
  const decoders = dialect === 'postgresql' ? POSTGRESQL : dialect === 'sqlite' ? SQLITE : MYSQL
  return decoders[dialect === 'sqlite' ? type.toLowerCase() : type] ?? same
}
