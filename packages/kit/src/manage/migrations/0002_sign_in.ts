import { addField, createModel, datetime, longText, migration, positiveInteger, text, uuid } from '../../db/index.ts'

export default migration({
  dependencies: [['kit', '0001_initial']],
  operations: [
    createModel('AttemptCounter', {
      scope: 'global',
      fields: {
        key: text({ max: 64, unique: true }),
        attempts: positiveInteger().default(0),
        failures: positiveInteger().default(0),
        window_started_at: datetime(),
        locked_until: datetime().optional(),
        locks: positiveInteger().default(0),
        updated_at: datetime(),
      },
      indexes: [['updated_at']],
    }),
    createModel('OutboxEntry', {
      scope: 'global',
      fields: {
        topic: text({ max: 50 }),
        payload_sealed: longText().optional(),
        business: uuid().optional(),
        created_at: datetime(),
        available_at: datetime(),
        attempts: positiveInteger().default(0),
        claim: uuid().optional(),
        claimed_until: datetime().optional(),
        done_at: datetime().optional(),
        failed_at: datetime().optional(),
        last_error: text({ max: 500 }).optional(),
      },
      indexes: [['done_at', 'failed_at', 'available_at'], ['claim']],
    }),
    addField('AuditEntry', 'impersonator', uuid().optional()),
  ],
})
