import type { DefinitionProblem } from '../errors/definition-problem.js'

/** Collects mistakes while a definition is built, so that all of them are reported together. */
export class DefinitionProblems {
  readonly #problems: DefinitionProblem[] = []

  add(className: string, member: string | undefined, reason: string, remedy: string): void {
    this.#problems.push(member === undefined ? { className, reason, remedy } : { className, member, reason, remedy })
  }

  /** Whether something is wrong with the member already. */
  has(className: string, member: string | undefined): boolean {
    return this.#problems.some((problem) => problem.className === className && problem.member === member)
  }

  get all(): readonly DefinitionProblem[] {
    return this.#problems
  }
}
