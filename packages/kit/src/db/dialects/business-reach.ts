/** Whose rows statements may touch: those of one business, by its id; those of all; or of none, and then only tables that belong to no business. */
export type BusinessReach = string | null

/** The reach across all businesses. No id of a business is this text. */
export const EVERY_BUSINESS = '*'
