const ignore = (): void => undefined

/** One PDK call of an event between the handler that made it and the answer. */
export class WaitingCall {
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

  /** The event is over: whoever awaits the call is told, and nobody else needs to be. */
  rejectQuietly(error: unknown): void {
    this.promise.catch(ignore)
    this.reject(error)
  }
}
