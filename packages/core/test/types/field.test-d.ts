// Type test: `tsc -p packages/core/test` checks it, nothing runs it. Each line below an @ts-expect-error must fail to compile.
import { Field, typedefs, type FieldOptions } from '@kong-ts/core'

class Part {
  @Field() name = 'x'
}

/** Options that do not fit the type of the property. */
export class Misfits {
  // @ts-expect-error numbers in a text
  @Field({ oneOf: [1, 2] }) text = 'a'
  // @ts-expect-error a flag has no list of values
  @Field({ oneOf: ['a'] }) flag = true
  // @ts-expect-error elements of a text
  @Field({ elements: String }) single = ''
  // @ts-expect-error numbers, but a list of text
  @Field({ elements: Number }) list: string[] = []
  // @ts-expect-error other records
  @Field({ elements: Part }) records: { other: number }[] = []
  // @ts-expect-error values of a list
  @Field({ values: String }) values: string[] = []
  // @ts-expect-error numbers, but a map of text
  @Field({ values: Number }) map = new Map<string, string>()
  // @ts-expect-error a length of a record
  @Field({ lenMin: 1 }) record = new Part()
  // @ts-expect-error a length of a number
  @Field({ lenMin: 1 }) count = 1
  // @ts-expect-error a default of another type
  @Field({ default: 'x' }) defaulted!: number
  // @ts-expect-error only text can be a reference
  @Field({ referenceable: true }) reference = 1
  // @ts-expect-error an option that does not exist
  @Field({ requierd: true }) typo = ''
  // @ts-expect-error a pattern for numbers, by their own type
  @Field({ type: 'integer', match: 'x' }) typed: unknown
  // @ts-expect-error a pattern for numbers in a list
  @Field({ elements: { type: 'integer', match: 'x' } }) numbers: number[] = []
  // @ts-expect-error Kong refuses json inside lists
  @Field({ elements: 'json' }) jsons: unknown[] = []
  // @ts-expect-error not an entity of Kong
  @Field({ reference: 'service' }) service!: { id: string }
  // @ts-expect-error a check that does not exist
  @Field({ type: Part, entityChecks: [{ at_least_one_of: ['name'] }] }) part!: Part
}

const general: FieldOptions = { lenMin: 1 }

/** Options that fit. */
export class Fits {
  @Field() anything: unknown
  @Field({}) empty = 1
  @Field(general) unchecked = 1
  @Field('other', { between: [1, 10] }) between = 5
  @Field({ oneOf: ['a', 'b'], required: false }) optional?: 'a' | 'b' | null
  @Field({ ...typedefs.port }) port = 80
  @Field({ type: 'string' }) transformed!: URL
  @Field({ elements: Part }) parts: ReadonlySet<Part> = new Set<Part>()
  @Field({ values: Number }) weights: Record<string, number> = {}
  @Field({ eq: null, required: false }) never?: string
}
