import { Access, Field, Log, Plugin, type PDK } from '@kong-ts/core'
import { IsIn, IsInt, Max, Min } from 'class-validator'

export class Rule {
  @Field() path!: string
  @Field() @IsIn(['allow', 'deny']) action = 'deny'
}

/** The plugin of the design: every way to say a field. */
@Plugin('1.0.0', 1000)
export class RequestGuard {
  @Field('my_file_path') path!: string
  @Field() @IsInt() @Min(1) @Max(500) maxCalls = 10
  @Field({ elements: Rule }) rules: Rule[] = []
  @Field({ keys: String, values: Number }) weights = new Map<string, number>()
  @Field({ elements: 'string' }) tags = new Set<string>(['a'])
  @Field({ referenceable: true, required: false }) apiKey?: string

  @Access()
  async access(kong: PDK) {
    await kong.response.setHeader('x-guarded', 'yes')
  }

  @Log({ failOpen: true, timeout: 5 })
  log() {}
}
