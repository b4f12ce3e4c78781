import { datetime, longText, model, positiveInteger, text, uuid } from '../../db/index.ts'

/**
 * Work that is to be done after a transaction: a message to send, or a request to look into. Written in the transaction
 * itself, so that nothing is sent for what was rolled back and nothing that was committed is forgotten.
 */
export const OutboxEntry = model('kit.OutboxEntry', {
  scope: 'global',
  reason: 'A worker empties it for all businesses; no endpoint shows it.',
  verboseName: 'outbox entry',
  verboseNamePlural: 'outbox entries',
  fields: {
    /** Which handler takes it: `mail`, or a request such as `password_reset`. */
    topic: text({ max: 50 }),
    /** Sealed, as it holds addresses, links and codes; emptied once it is done. */
    payload_sealed: longText({ sensitive: true }).optional(),
    business: uuid().optional(),
    created_at: datetime(),
    available_at: datetime(),
    attempts: positiveInteger().default(0),
    /** The worker that has it, and until when: if it does not come back, another takes it. */
    claim: uuid().optional(),
    claimed_until: datetime().optional(),
    done_at: datetime().optional(),
    /** Given up. */
    failed_at: datetime().optional(),
    last_error: text({ max: 500 }).optional(),
  },
  indexes: [['done_at', 'failed_at', 'available_at'], ['claim']],
})
