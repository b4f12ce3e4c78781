import { boolean, choice, createModel, foreignKey, migration, slug, text } from '@bailiwick/kit/db'

export default migration({
  dependencies: [['account', '0001_initial']],
  initial: true,
  operations: [
    createModel('Business', {
      scope: 'global',
      fields: {
        name: text({ max: 150 }),
        slug: slug({ unique: true }),
        is_active: boolean().default(true),
      },
    }),
    createModel('Membership', {
      scope: 'business',
      fields: {
        user: foreignKey('account.User', { onDelete: 'cascade' }),
        role: choice(['subscriber', 'agent', 'manager', 'admin']),
      },
      unique: [['user']],
      indexes: [['user']],
    }),
  ],
})
