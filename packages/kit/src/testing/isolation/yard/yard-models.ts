import { businessFields, membershipFields, sessionFields, userFields } from '../../../auth/index.ts'
import {
  type AnyModel,
  bigInteger,
  boolean,
  choice,
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
  manyToMany,
  model,
  money,
  multiChoice,
  oneToOne,
  phone,
  positiveInteger,
  slug,
  text,
  time,
  url,
  uuid,
} from '../../../db/index.ts'
import { signInModels } from '../../sign-in-models.ts'

export const User = model('account.User', {
  scope: 'global',
  reason: 'One person may belong to several businesses.',
  fields: userFields(),
  sharedThrough: () => ({ model: 'business.Membership', field: 'user' }),
  ordering: ['email'],
})

export const Session = model('account.Session', {
  scope: 'global',
  reason: 'It is there before a business is chosen.',
  fields: sessionFields(() => User),
})

export const Membership = model('business.Membership', {
  scope: 'business',
  fields: membershipFields(() => User),
  unique: [['user']],
})

export const Business = model('business.Business', {
  scope: 'global',
  reason: 'It is what the rows of others belong to.',
  fields: businessFields(),
  sharedThrough: () => ({ model: Membership, field: 'business_id' }),
})

export const Team = model('yard.Team', {
  scope: 'business',
  fields: {
    name: text({ max: 60, unique: true }),
    pin: text({ max: 40, writeOnly: true }),
    secret: text({ max: 60, sensitive: true }).optional(),
    rank: integer({ readOnly: true }).default(1),
  },
})

export const Label = model('yard.Label', { scope: 'business', softDelete: false, fields: { word: slug() } })

/** A row with every kind of relation. */
export const Task = model('yard.Task', {
  scope: 'business',
  fields: {
    title: text({ max: 80 }),
    code: slug({ max: 40, unique: true }),
    team: foreignKey(() => Team, { onDelete: 'cascade' }).optional(),
    owner: foreignKey(() => User, { onDelete: 'set null' }).optional(),
    parent: foreignKey('self', { onDelete: 'set null', relatedName: 'children' }).optional(),
    labels: manyToMany(() => Label, { relatedName: 'tasks' }),
    budget: decimal({ digits: 12, places: 2 }).default('0'),
    state: choice(['open', 'busy', 'closed']).default('open'),
    due: date().optional(),
  },
  indexes: [['state', '-created_at']],
})

/** One for each task, gone for good when it is deleted, with ids that the database counts. */
export const Note = model('yard.Note', {
  scope: 'business',
  id: 'bigint',
  softDelete: false,
  fields: { task: oneToOne(() => Task, { onDelete: 'cascade', relatedName: 'note' }), body: longText() },
})

/** A row of every kind of field. */
export const Sample = model('yard.Sample', {
  scope: 'business',
  fields: {
    address: email(),
    site: url(),
    number: phone(),
    size: integer({ min: 0 }),
    total: bigInteger(),
    weight: float(),
    is_open: boolean(),
    at: datetime(),
    hour: time(),
    mark: uuid(),
    facts: json(),
    took: duration(),
    from: ipAddress(),
    paper: file(),
    picture: image(),
    pieces: positiveInteger(),
    days: multiChoice(['monday', 'tuesday', 'friday']),
    ...money('price', { digits: 12, places: 4 }),
  },
})

export const SIGN_IN_MODELS = signInModels(() => User)

export const YARD_MODELS: readonly AnyModel[] = [
  User,
  Business,
  Session,
  Membership,
  ...Object.values(SIGN_IN_MODELS),
  Team,
  Label,
  Task,
  Note,
  Sample,
]
