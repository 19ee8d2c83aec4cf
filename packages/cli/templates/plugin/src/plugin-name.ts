import { Access, Field, Plugin, type PDK } from '@kong-ts/core'
import { IsInt, Max, Min } from 'class-validator'

/** Kong knows it as plugin-name. */
@Plugin('0.1.0', 1000) // version, priority; higher runs earlier
export class PluginClass {
  @Field() header!: string // config.header: required, it has no initialiser
  @Field() @IsInt() @Min(400) @Max(599) status = 401 // config.status: integer, 400 to 599, default 401
  @Field({ required: false }) message?: string // "?" leaves no trace at run time: required: false says it

  @Access()
  async access(kong: PDK) {
    if ((await kong.request.getHeader(this.header)) === undefined) {
      // Never returns: the handler ends here, and the service is not asked.
      await kong.response.exit(this.status, { message: this.message ?? `${this.header} is missing` })
    }
    await kong.response.setHeader('x-plugin-name', 'passed')
  }
}
