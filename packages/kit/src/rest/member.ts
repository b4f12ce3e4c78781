import type { AnyFieldKind, Field, FieldSettings } from '../db/index.ts'

/** A field that is shown, taken, or both. */
export interface FieldMember {
  readonly type: 'field'
  readonly name: string
  readonly kind: AnyFieldKind
  readonly settings: FieldSettings
  readonly isReadOnly: boolean
  readonly isWriteOnly: boolean
  /** Must be given when something is made. */
  readonly isRequired: boolean
  readonly label: string
}

/** A field that is worked out. */
export interface ComputedMember {
  readonly type: 'computed'
  readonly name: string
  readonly field: Field
  readonly compute: (row: never) => unknown
}

/** Another serializer's object, or a list of them. */
export interface NestedMember {
  readonly type: 'nested'
  readonly name: string
  /** The foreign key of the model that it is read over; null in a serializer that stands by itself. */
  readonly column: string | null
  readonly serializer: NestedSerializer
  readonly isList: boolean
  readonly isNullable: boolean
}

/** As much of a serializer as its members need to know. */
export interface NestedSerializer {
  readonly name: string
  readonly members: readonly Member[]
}

export type Member = FieldMember | ComputedMember | NestedMember
