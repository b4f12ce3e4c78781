import { choice, createModel, datetime, longText, migration, text, uuid } from '../../db/index.ts'

export default migration({
  initial: true,
  operations: [
    createModel('AuditEntry', {
      scope: 'global',
      fields: {
        at: datetime(),
        actor: uuid().optional(),
        business: uuid().optional(),
        request_id: text({ max: 64 }),
        action: text({ max: 50 }),
        reason: longText(),
      },
      indexes: [['-at']],
    }),
    createModel('Revocation', {
      scope: 'global',
      id: 'bigint',
      fields: {
        at: datetime(),
        kind: choice(['session', 'user', 'business']),
        key: uuid(),
      },
      indexes: [['at']],
    }),
  ],
})
