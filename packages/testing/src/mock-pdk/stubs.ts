/** Stands in for a PDK function: gets the arguments, gives what Kong would answer. */
export type StubFunction = (...args: readonly unknown[]) => unknown

/** PDK functions a test answers itself, by Kong's name. */
export class Stubs {
  private readonly functions = new Map<string, StubFunction>()

  /** @param answer a value, or a function of the call's arguments (it may return a promise, or throw what the handler shall get). */
  set(method: string, answer: unknown): void {
    this.functions.set(method, isStubFunction(answer) ? answer : () => answer)
  }

  find(method: string): StubFunction | undefined {
    return this.functions.get(method)
  }
}

function isStubFunction(answer: unknown): answer is StubFunction {
  return typeof answer === 'function'
}
