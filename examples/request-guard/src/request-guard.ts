import { Access, Field, Log, Plugin, type PDK, type PhasePDK } from '@kong-ts/core'
import { IsIn, IsInt, Max, Min } from 'class-validator'

class Rule {
  @Field() path!: string // required: no initialiser
  @Field() @IsIn(['allow', 'deny']) action = 'deny' // default and one_of in Kong's schema
}

@Plugin('1.0.0', 1000) // version, priority; higher runs earlier
export class RequestGuard {
  // Kong knows it as request-guard
  @Field('secret_header') header!: string // config.secret_header
  @Field() @IsInt() @Min(1) @Max(500) maxCalls = 10 // config.max_calls: integer, 1 to 500, default 10
  @Field({ elements: Rule }) rules: Rule[] = [] // an array of records
  @Field({ referenceable: true, required: false }) apiKey?: string // may be {vault://…}

  private calls = 0

  @Access({ timeout: 2000 }) // throws, or takes longer: the client gets 500 or 504
  async access(kong: PDK) {
    const path = await kong.request.getPath()
    const rule = this.rules.find((candidate) => path.startsWith(candidate.path))
    const secret = await kong.request.getHeader(this.header)
    if (rule?.action === 'deny' || secret === undefined || this.calls >= this.maxCalls) {
      await kong.response.exit(403, { message: 'no' }) // never returns: the handler ends here
    }
    this.calls++
    void kong.ctx.shared.set('guarded', true) // not awaited: still sent before the phase ends
    void kong.response.setHeader('x-guarded', 'yes')
  }

  @Log()
  async log(kong: PhasePDK<'log'>) {
    // only what Kong allows in log; anything else does not compile
    if (await kong.ctx.shared.get('guarded')) this.calls--
  }
}
