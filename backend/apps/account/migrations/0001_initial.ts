import { boolean, createModel, datetime, email, foreignKey, migration, text, uuid } from '@bailiwick/kit/db'

export default migration({
  initial: true,
  operations: [
    createModel('User', {
      scope: 'global',
      fields: {
        email: email({ unique: true }),
        name: text({ max: 150 }),
        password: text({ max: 255 }).optional(),
        is_active: boolean().default(true),
        is_superuser: boolean().default(false),
        last_login: datetime().optional(),
      },
    }),
    createModel('Session', {
      scope: 'global',
      fields: {
        user: foreignKey('account.User', { onDelete: 'cascade' }),
        business: uuid().optional(),
        refresh_hash: text({ max: 64 }),
        created_at: datetime(),
        last_used_at: datetime(),
        expires_at: datetime(),
        ended_at: datetime().optional(),
        ip: text({ max: 45 }).optional(),
        user_agent: text({ max: 300 }).optional(),
      },
      indexes: [['user', 'ended_at'], ['expires_at']],
    }),
  ],
})
