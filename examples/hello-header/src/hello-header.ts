import { Access, Field, Plugin, type PDK } from '@kong-ts/core'

/** Greets whoever asks: sets `x-hello-from-ts` on the response. */
@Plugin('1.0.0', 10)
export class HelloHeader {
  /** What is said between "says" and "to". */
  @Field() message = 'hello'

  @Access()
  async access(kong: PDK): Promise<void> {
    const host = await kong.request.getHeader('host')
    await kong.response.setHeader('x-hello-from-ts', `TypeScript says ${this.message} to ${host ?? 'nobody'}`)
  }
}
