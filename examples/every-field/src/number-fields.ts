import { Field } from '@kong-ts/core'
import { IsInt, IsPositive, Max, Min } from 'class-validator'

/** Every rule for numbers, some of them said by class-validator. */
export class NumberFields {
  @Field({ between: [0.5, 1.5] }) ratio = 1
  @Field({ gt: 0 }) weight = 1
  @Field({ oneOf: [301, 302, 307, 308] }) @IsInt() status = 302
  @Field() @IsInt() @Min(1) @Max(500) maxCalls = 10
  @Field() @IsPositive() seconds = 60
  @Field({ type: 'integer', timestamp: true, required: false }) since?: number
}
