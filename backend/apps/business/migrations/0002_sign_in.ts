import {
  addField,
  boolean,
  choice,
  createModel,
  datetime,
  email,
  json,
  migration,
  multiChoice,
  text,
} from '@bailiwick/kit/db'

export default migration({
  dependencies: [['business', '0001_initial']],
  operations: [
    createModel('ApiKey', {
      scope: 'business',
      softDelete: false,
      fields: {
        name: text({ max: 100 }),
        prefix: text({ max: 32, unique: true }),
        key_hash: text({ max: 64 }),
        scopes: json(),
        role: choice(['subscriber', 'agent', 'manager', 'admin']),
        allowed_addresses: json(),
        expires_at: datetime().optional(),
        revoked_at: datetime().optional(),
        last_used_at: datetime().optional(),
        last_used_ip: text({ max: 45 }).optional(),
        previous_hash: text({ max: 64 }).optional(),
        previous_expires_at: datetime().optional(),
      },
    }),
    createModel('Invitation', {
      scope: 'business',
      softDelete: false,
      fields: {
        email: email(),
        role: choice(['subscriber', 'agent', 'manager', 'admin']),
        expires_at: datetime(),
        accepted_at: datetime().optional(),
        revoked_at: datetime().optional(),
      },
      indexes: [['email']],
    }),
    addField('Business', 'two_factor_roles', multiChoice(['subscriber', 'agent', 'manager', 'admin']).default([])),
    addField('Business', 'allows_email_code', boolean().default(false)),
    addField('Membership', 'is_active', boolean().default(true)),
  ],
})
