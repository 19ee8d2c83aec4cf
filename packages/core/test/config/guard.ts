import { Access, Field, Plugin, Transform } from '@kong-ts/core'

export class Rule {
  @Field() path!: string
  @Field({ oneOf: ['allow', 'deny'] }) action = 'deny'
  @Field({ referenceable: true, lenMin: 4, required: false }) token?: string
}

export class Limits {
  @Field({ type: 'integer', between: [1, 9] }) perSecond = 5
}

/** A plugin with fields of every shape, some of them secret. */
@Plugin('1.0.0', 1, { entityChecks: [{ atLeastOneOf: ['name', 'nickname'] }] })
export class Guard {
  @Field({ required: false }) name?: string
  @Field({ required: false }) nickname?: string
  @Field({ elements: Rule }) rules: Rule[] = []
  @Field({ elements: String }) tags = new Set<string>(['a'])
  @Field({ keys: 'integer', values: Number }) weights = new Map<number, number>()
  @Field({ values: { type: 'string', lenMin: 2 } }) labels: Record<string, string> = {}
  @Field() limits = new Limits()
  @Field({ values: Limits }) perRoute: Record<string, Limits> = {}
  @Field({ encrypted: true, match: '^%d+$', required: false }) pin?: string
  @Field({ elements: { type: 'string', referenceable: true, lenMin: 3 } }) secrets: string[] = []
  @Field({ values: { type: 'string', referenceable: true } }) keys: Record<string, string> = {}
  @Field({ default: 7, required: false, type: 'integer' }) switchable?: number
  @Field() ratio = 0.5
  @Field() enabled = true
  @Field({ reference: 'consumers', required: false }) owner?: { id: string }
  @Field({ jsonSchema: { inline: {} }, required: false }) extra?: unknown
  @Field({ isRegex: true, required: false }) pattern?: string
  @Field({ type: 'string', required: false })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? new URL(value) : value))
  home?: URL
  @Access() access() {}
}
