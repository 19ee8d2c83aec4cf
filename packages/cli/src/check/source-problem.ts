/** Something to know about a place in the source. */
export interface SourceProblem {
  /** An error is refused by the protocol that is served, or by every one; a warning by Kong in some phase; a note concerns the other protocol. */
  readonly severity: 'error' | 'warning' | 'note'
  readonly file: string
  readonly line: number
  readonly text: string
}
