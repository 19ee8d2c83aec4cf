/** Runs tasks one after the other, in the order they were added. A task that fails does not keep the next one from running. */
export class SerialQueue {
  #last: Promise<unknown> = Promise.resolve()

  /** @returns what the task returns or throws. */
  add<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task)
    this.#last = result.catch(() => undefined)
    return result
  }

  /** Resolves when every task added so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
