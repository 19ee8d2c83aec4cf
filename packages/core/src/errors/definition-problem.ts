/** One mistake in a plugin class, with what to do about it. */
export interface DefinitionProblem {
  /** The class the mistake is in: the plugin or one of its record classes. */
  readonly className: string
  /** The property, method or constructor parameter concerned; absent for the class as a whole. */
  readonly member?: string
  /** What is wrong. */
  readonly reason: string
  /** What to change. */
  readonly remedy: string
}

/** `Class.member: reason; remedy` */
export function formatDefinitionProblem({ className, member, reason, remedy }: DefinitionProblem): string {
  return `${className}${member === undefined ? '' : `.${member}`}: ${reason}; ${remedy}`
}
