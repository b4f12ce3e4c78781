export { type CodecMember, compileJsonCodec, type JsonCodec } from './json-codec.ts'
export { type ReaderMember, type RowObject, readRow } from './row-reader.ts'
