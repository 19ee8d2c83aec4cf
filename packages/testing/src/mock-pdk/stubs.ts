/** Answers a PDK call instead of Kong: gets the arguments and returns Kong's answer. */
export type StubFunction = (...args: readonly unknown[]) => unknown

/** The PDK functions that a test answers itself, by Kong's name. */
export class Stubs {
  readonly #functions = new Map<string, StubFunction>()

  /** @param answer a value, or a function of the call's arguments. The function may return a promise, or throw the error that the handler gets. */
  set(method: string, answer: unknown): void {
    this.#functions.set(method, isStubFunction(answer) ? answer : () => answer)
  }

  find(method: string): StubFunction | undefined {
    return this.#functions.get(method)
  }
}

function isStubFunction(answer: unknown): answer is StubFunction {
  return typeof answer === 'function'
}
