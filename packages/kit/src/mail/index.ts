export { createOutbox, type NewOutboxEntry, type Outbox, type OutboxOptions } from './outbox.ts'
export { OutboxEntry } from './outbox-entry.ts'
