import type { Json } from '../fields/index.ts'

/** A row as fixtures have it, in the form of Django's: `{ "model": "clients.client", "pk": "…", "fields": { … } }`. */
export interface TransferRecord {
  readonly model: string
  /** Left out where the row is found by its natural key. */
  readonly pk?: Json
  readonly fields: { readonly [name: string]: Json }
}

/** What is wrong with the data that comes in, in words for whoever loads it. */
export class TransferError extends Error {
  constructor(message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options)
    this.name = 'TransferError'
  }
}
