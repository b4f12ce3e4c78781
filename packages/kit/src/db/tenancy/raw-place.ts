/**
 * Where a piece of raw SQL stands, which decides what it may hold:
 * - `statement`: it is the whole query;
 * - `source`: an item of `from` or of a join;
 * - `value`: one value of an insert or an update, where a comma would begin another assignment;
 * - `lock`: what ends a select, such as `for update`;
 * - `expression`: anywhere else.
 */
export type RawPlace = 'statement' | 'source' | 'value' | 'lock' | 'expression'
