const ignore = (): void => undefined

/** A PDK call whose answer has not come yet: it waits for its turn, or Kong is working on it. */
export class PendingCall {
  readonly method: string
  readonly args: readonly unknown[]
  readonly promise: Promise<unknown>
  resolve: (value: unknown) => void = ignore
  reject: (error: unknown) => void = ignore

  constructor(method: string, args: readonly unknown[]) {
    this.method = method
    this.args = args
    this.promise = new Promise((resolve, reject) => {
      this.resolve = resolve
      this.reject = reject
    })
  }

  /** Rejects without an `unhandledRejection` when nobody awaits the call. */
  rejectQuietly(error: unknown): void {
    this.promise.catch(ignore)
    this.reject(error)
  }
}
