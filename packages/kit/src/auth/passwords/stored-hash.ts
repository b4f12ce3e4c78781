/** A hash as it is stored, ready to be compared with. */
export interface StoredHash {
  /** Whether it is the hash of these very code points. */
  matches(password: string): Promise<boolean>
}
