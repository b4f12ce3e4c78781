export { type Arithmetic, arithmeticOf } from './arithmetic.ts'
export { type BigIntegerField, type BigIntegerOptions, bigInteger } from './big-integer.ts'
export { type BooleanField, boolean } from './boolean.ts'
export { type ChoiceField, choice } from './choice.ts'
export { CODEC_FUNCTIONS } from './codec-functions.ts'
export { type CurrencyField, type CurrencyOptions, currency, currencyPlaces } from './currency.ts'
export { type DateField, date } from './date.ts'
export { isMomentPart, type MomentPart, PART_LOOKUPS, partBounds } from './date-part.ts'
export { DATETIME_KIND, type DatetimeField, datetime, storedMoment, wireText } from './datetime.ts'
export { type DecimalField, type DecimalOptions, decimal } from './decimal.ts'
export { type DurationField, type DurationOptions, duration, durationMicroseconds } from './duration.ts'
export { durationText } from './duration-text.ts'
export { email } from './email.ts'
export { type CommonOptions, Field, type FieldSettings, type FieldTypes } from './field.ts'
export type { AnyFieldKind, FieldKind, Json, JsonSchema } from './field-kind.ts'
export { type FileField, type FileOptions, file } from './file.ts'
export { type FloatField, type FloatOptions, float } from './float.ts'
export {
  boundToSelf,
  type ForeignKeyField,
  type ForeignKeyKind,
  type ForeignKeyOptions,
  foreignKey,
  type IdKind,
  idFieldKind,
  isForeignKey,
  type OnDelete,
  oneToOne,
  type RelationTarget,
  type Self,
} from './foreign-key.ts'
export {
  type Generated,
  type GeneratedOptions,
  type GeneratedSql,
  generatedReferences,
  generatedSql,
  renamedReferences,
  withReferences,
} from './generated.ts'
export {
  type GenericReference,
  type GenericReferenceFields,
  type GenericReferenceOptions,
  genericReference,
  isGenericType,
} from './generic-reference.ts'
export { idListKind, isIdList } from './id-list.ts'
export { image } from './image.ts'
export { type IntegerField, type IntegerOptions, integer } from './integer.ts'
export { type IpAddressField, type IpAddressOptions, type IpProtocol, ipAddress } from './ip-address.ts'
export { type JsonField, json } from './json.ts'
export { longText } from './long-text.ts'
export {
  DATETIME_LOOKUPS,
  isLookup,
  JSON_PATH_LOOKUPS,
  LOOKUPS,
  type Lookup,
  PATTERN_LOOKUPS,
} from './lookup.ts'
export { MODEL_LABEL, modelLabel } from './model-label.ts'
export { type MoneyFields, type MoneyOptions, type MoneyTypes, money } from './money.ts'
export { type MultiChoiceField, type MultiChoiceOptions, multiChoice } from './multi-choice.ts'
export { phone } from './phone.ts'
export { positiveBigInteger } from './positive-big-integer.ts'
export { positiveInteger } from './positive-integer.ts'
export { positiveSmallInteger } from './positive-small-integer.ts'
export { OutOfBounds, Problem } from './problem.ts'
export { slug } from './slug.ts'
export { smallInteger } from './small-integer.ts'
export { type TextField, type TextOptions, text } from './text.ts'
export { flawOf } from './text-rules.ts'
export { type TimeField, time } from './time.ts'
export { url } from './url.ts'
export { UUID_KIND, type UuidField, uuid } from './uuid.ts'
export { checkedValue, type Validator } from './validator.ts'
