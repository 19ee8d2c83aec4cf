// Type test: `tsc -p packages/core/test` checks it, nothing runs it. Each line below an @ts-expect-error must fail to compile.
import {
  Access,
  Certificate,
  Field,
  Log,
  Plugin,
  Preread,
  Response,
  Rewrite,
  Transform,
  Type,
  type PDK,
  type PhasePDK,
} from '@kong-ts/core'

@Plugin('1.0.0', 1, { protocols: ['http'], entityChecks: [{ atLeastOneOf: ['count'] }] })
export class Handlers {
  @Field() @Type(() => Number) @Transform(({ value }: { value: number }) => value + 1) count = 1
  @Access() access(kong: PDK) {
    return kong.client.getIp()
  }
  @Certificate() certificate() {}
  @Rewrite({ failOpen: true, timeout: 100 }) async rewrite(kong: PhasePDK<'rewrite'>) {
    await kong.request.getPath()
  }
  @Response() response(kong: PhasePDK<'access' | 'response'>) {
    return kong.response.setHeader('x', 'y')
  }
  @Preread() preread(kong: PhasePDK<'preread'>) {
    return kong.phase
  }

  // @ts-expect-error a handler takes the PDK
  @Log() text(text: string) {
    return text
  }
  // @ts-expect-error a handler takes the PDK of its own phase
  @Log() other(kong: PhasePDK<'access'>) {
    return kong.phase
  }
  // @ts-expect-error an option that does not exist
  @Log({ failsOpen: true }) misspelt() {}
  // @ts-expect-error a handler is a method
  @Access() property = 1
}

// @ts-expect-error a version is text
Plugin(1, 1)
// @ts-expect-error a priority is a number
Plugin('1.0.0', 'high')
// @ts-expect-error not a protocol of Kong
Plugin('1.0.0', 1, { protocols: ['ftp'] })
// @ts-expect-error a check names at least one field
Plugin('1.0.0', 1, { entityChecks: [{ atLeastOneOf: [] }] })
