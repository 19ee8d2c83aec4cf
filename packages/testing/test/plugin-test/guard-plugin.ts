import { Access, Field, Log, Plugin, Response, Rewrite, type PDK } from '@kong-ts/core'

/** Decides who may pass; a test replaces it. */
export class Gatekeeper {
  async admits(key: string | undefined): Promise<boolean> {
    return key === 'open sesame'
  }
}

/** A plugin with a handler in every phase of a request. */
@Plugin('1.0.0', 1000)
export class Guard {
  @Field() header = 'x-key'
  @Field({ between: [1, 10] }) limit = 3

  seen = 0

  constructor(private readonly gatekeeper: Gatekeeper) {}

  @Rewrite()
  async rewrite(kong: PDK): Promise<void> {
    await kong.service.request.setHeader('x-rewritten', await kong.request.getPath())
  }

  @Access()
  async access(kong: PDK): Promise<void> {
    this.seen++
    if (!(await this.gatekeeper.admits(await kong.request.getHeader(this.header))))
      await kong.response.exit(403, { message: 'no entry' }, { 'X-Why': this.header })
    await kong.ctx.shared.set('admitted', true)
  }

  @Response()
  async response(kong: PDK): Promise<void> {
    await kong.response.setHeader('x-length', String((await kong.service.response.getRawBody()).length))
  }

  @Log()
  async log(kong: PDK): Promise<void> {
    await kong.log.warn(`status ${await kong.response.getStatus()} admitted ${String(await kong.ctx.shared.get('admitted'))}`)
    await kong.log.serialize()
  }
}
