/** What is said of an id that leads to no row, whatever the reason. */
export const missingRow = (id: unknown): string => `Invalid pk "${id}" - object does not exist.`
