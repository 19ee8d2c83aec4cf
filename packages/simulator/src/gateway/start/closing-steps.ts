/** What has to be undone at the end, the newest first. */
export class ClosingSteps {
  readonly #steps: (() => unknown)[] = []

  add(step: () => unknown): void {
    this.#steps.push(step)
  }

  /** Takes every step, whether or not the one before it failed. @throws the first error. */
  async run(): Promise<void> {
    const faults: unknown[] = []
    for (const step of this.#steps.splice(0).reverse()) {
      try {
        await step()
      } catch (fault) {
        faults.push(fault)
      }
    }
    if (faults.length > 0) throw faults[0]
  }
}
