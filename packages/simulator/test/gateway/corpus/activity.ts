/** Something that goes on, for those who wait for more of it. */
export class Activity {
  private readonly watchers = new Set<() => void>()

  /** Something has happened. */
  stir(): void {
    for (const wake of this.watchers) wake()
  }

  /** Resolves to true when something happens, to false when nothing has for some time, in ms. */
  next(timeoutMs: number): Promise<boolean> {
    return new Promise((resolve) => {
      const done = (stirred: boolean): void => {
        clearTimeout(timer)
        this.watchers.delete(wake)
        resolve(stirred)
      }
      const wake = (): void => done(true)
      const timer = setTimeout(() => done(false), timeoutMs)
      this.watchers.add(wake)
    })
  }
}
