import { Access, Field, Plugin, type PDK } from '@kong-ts/core'
import { IsIn } from 'class-validator'

/** The four workloads by which plugin servers are compared: no call, two small ones, ten, and a body of 64 KiB there and back. */
@Plugin('1.0.0', 1, { name: 'bench' })
export class BenchPlugin {
  @Field() @IsIn(['w0', 'w1', 'w2', 'w3']) mode = 'w0'

  @Access()
  access(kong: PDK): Promise<void> | undefined {
    switch (this.mode) {
      case 'w1':
        return this.#greet(kong)
      case 'w2':
        return this.#inspect(kong)
      case 'w3':
        return this.#passBody(kong)
      default:
        return undefined
    }
  }

  async #greet(kong: PDK): Promise<void> {
    const host = await kong.request.getHeader('host')
    await kong.response.setHeader('x-hello', `hello ${host}`)
  }

  async #inspect(kong: PDK): Promise<void> {
    const method = await kong.request.getMethod()
    const path = await kong.request.getPath()
    const headers = await kong.request.getHeaders()
    const query = await kong.request.getQuery()
    const agent = await kong.request.getHeader('user-agent')
    const type = await kong.request.getHeader('content-type')
    const ip = await kong.client.getIp()
    await kong.service.request.setHeader('x-seen', `${method} ${path} ${Object.keys(headers).length} ${Object.keys(query).length}`)
    await kong.service.request.setHeader('x-from', ip)
    await kong.response.setHeader('x-agent', `${agent} ${type}`)
  }

  async #passBody(kong: PDK): Promise<void> {
    await kong.service.request.setRawBody((await kong.request.getRawBody()) ?? new Uint8Array())
  }
}
