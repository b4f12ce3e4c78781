import {
  choice,
  createModel,
  date,
  decimal,
  email,
  foreignKey,
  json,
  longText,
  migration,
  phone,
  text,
} from '@bailiwick/kit/db'

export default migration({
  dependencies: [['account', '0001_initial']],
  initial: true,
  operations: [
    createModel('Client', {
      scope: 'business',
      fields: {
        name: text({ max: 200 }),
        email: email().optional(),
        phone: phone().optional(),
        status: choice(['lead', 'active', 'archived']).default('lead'),
        owner: foreignKey('account.User', { onDelete: 'set null' }).optional(),
        credit: decimal({ digits: 12, places: 2 }).default('0.00'),
        notes: longText().optional(),
        tags: json().default([]),
        birthday: date().optional(),
      },
      unique: [['email']],
      indexes: [['status', '-created_at'], ['-created_at'], ['owner', '-created_at']],
    }),
  ],
})
