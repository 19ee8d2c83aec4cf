import { Equals, IsNotEmpty, IsOptional } from 'class-validator'
import { describe, expect, it } from 'vitest'
import { Access, Field, Plugin, PluginDefinitionError } from '@kong-ts/core'
import { buildPluginDefinition, type Constructor } from '@kong-ts/core/server'
import { generateSchema, generateSchemaFor, judgePluginClass, oldestKongVersion } from '@kong-ts/core/tooling'
import { checkSchema } from '@kong-ts/schema'

function problemsOf(target: Constructor): string[] {
  try {
    judgePluginClass(target)
  } catch (error) {
    if (!(error instanceof PluginDefinitionError)) throw error
    for (const { remedy } of error.problems) expect(remedy).not.toBe('')
    return error.problems.map(
      ({ className, member, reason, remedy }) => `${className}${member === undefined ? '' : `.${member}`}: ${reason}; ${remedy}`,
    )
  }
  return []
}

describe('what Kong would refuse, or accept and then fail on', () => {
  it('is a mistake of the property that says it', () => {
    class Inner {
      @Field({ oneOf: ['a', 'b'] }) letter = 'c'
    }
    @Plugin('1.0.0', 1)
    class Wrong {
      @Field({ between: [1, 5] }) many = 9
      @Field({ match: '%' }) pattern = ''
      @Field({ lenMin: 3 }) list = 'ab'
      @Field({ elements: Inner }) inners: Inner[] = []
      @Field({ between: [5, 1] }) reversed!: number
      @Field({ description: 'too short' }) described = true
      @Field('updated_at') changed = 1
      @Field({ jsonSchema: { inline: { type: 'no such type' } } }) json: unknown
      @Access() access() {}
    }
    expect(problemsOf(Wrong)).toEqual([
      'Wrong.described: its description has 9 bytes; Kong takes 10 to 500 bytes',
      'Wrong.changed: Kong never validates a field called updated_at; choose another name: @Field("changed_at")',
      expect.stringMatching(/^Wrong\.many: its default breaks its own rule: .*; change the initialiser or the rule$/) as string,
      expect.stringMatching(/^Wrong\.pattern: its default breaks its own rule: .*;/) as string,
      'Wrong.list: its default breaks its own rule: length must be at least 3; change the initialiser or the rule',
      'Inner.letter: its default breaks its own rule: expected one of: a, b; change the initialiser or the rule',
      expect.stringMatching(
        /^Wrong\.json: Kong 3\.9 would not start with it: json_schema: .*; change the option that causes it$/,
      ) as string,
    ])
  })

  it('includes what is accepted and fails later, once nothing worse is wrong', () => {
    @Plugin('1.0.0', 1)
    class Later {
      @Field({ match: '[' }) pattern!: string
      @Field({ between: [5, 1] }) reversed!: number
      @Access() access() {}
    }
    expect(problemsOf(Later)).toEqual([
      expect.stringMatching(/^Later\.pattern: Kong accepts it, but match: the Lua pattern "\[" makes Kong answer 500/) as string,
      'Later.reversed: Kong accepts it, but between: refuses every value, because its limits are the wrong way round; change the option that causes it',
    ])
  })

  it("includes a plugin named like an entity of Kong's", () => {
    @Plugin('1.0.0', 1)
    class Services {
      @Access() access() {}
    }
    expect(problemsOf(Services)).toEqual([
      expect.stringMatching(/^Services: Kong accepts it, but replaces Kong's own entity services/) as string,
    ])
  })
})

describe('entity checks', () => {
  class Redis {
    @Field({ required: false }) hostName?: string
  }

  it('that name no field are mistakes, with the name that was meant', () => {
    @Plugin('1.0.0', 1, {
      entityChecks: [
        { atLeastOneOf: ['maxCalls', 'redis.host_name'] },
        { conditional: { ifField: 'redis.port', ifMatch: { gt: 0 }, thenField: 'max_calls.x', thenMatch: { required: true } } },
      ],
      pluginEntityChecks: [{ onlyOneOf: ['service', 'rout', 'config.nothing'] }],
    })
    class Checked {
      @Field() maxCalls = 1
      @Field({ type: Redis, entityChecks: [{ distinct: ['host_name', 'other'] }] }) redis!: Redis
      @Access() access() {}
    }
    expect(problemsOf(Checked).slice(0, 6)).toEqual([
      'Checked: an entity check names maxCalls, but there is no field maxCalls; Kong calls it max_calls',
      'Checked: an entity check names redis.port, but there is no field port; choose among host_name',
      'Checked: an entity check names max_calls.x, but max_calls is not a record, so it has no field x; name the field itself',
      'Redis: an entity check names other, but there is no field other; choose among host_name',
      'Checked: a plugin entity check names rout, which is not a field of a plugin; write fields of the class as config.…',
      'Checked: a plugin entity check names config.nothing, but there is no field nothing; choose among max_calls, redis',
    ])
  })

  it("stand in the schema in Kong's own words", () => {
    @Plugin('1.0.0', 1, {
      entityChecks: [{ mutuallyExclusiveSets: { set1: ['one'], set2: ['two'] } }],
      pluginEntityChecks: [{ mutuallyRequired: ['service', 'config.one'] }],
    })
    class Checked {
      @Field({ required: false }) one?: string
      @Field({ required: false }) two?: string
      @Access() access() {}
    }
    const schema = generateSchema(buildPluginDefinition(Checked))
    expect(schema.entity_checks).toEqual([{ mutually_required: ['service', 'config.one'] }])
    expect(schema.fields.at(-1)?.['config']).toMatchObject({
      entity_checks: [{ mutually_exclusive_sets: { set1: ['one'], set2: ['two'] } }],
    })
  })
})

describe('an old Kong', () => {
  @Plugin('1.0.0', 1, { kongVersion: '3.3' })
  class Described {
    @Field({ description: 'a text for people', examples: ['x'], between: [0.5, 2.5] }) count = 1
    @Field({ values: { type: 'string', description: 'a text for people' } }) map: Record<string, string> = {}
    @Access() access() {}
  }

  it('gets a schema without the attributes it does not know', () => {
    const definition = buildPluginDefinition(Described)
    const { schema, warnings } = generateSchemaFor(definition)
    expect(generateSchema(definition)).toEqual(schema)
    expect(checkSchema(schema, { kongVersion: '3.3' })).toEqual([])
    expect(schema.fields.at(-1)).toMatchObject({ config: { fields: [{ count: { between: [0, 3] } }, {}] } })
    expect(warnings).toEqual([
      'config.count: between with fractions needs Kong 3.4, left out for 3.3',
      'config.count: description needs Kong 3.4, left out for 3.3',
      'config.count: examples needs Kong 3.6, left out for 3.3',
      'config.map[]: description needs Kong 3.4, left out for 3.3',
    ])
    expect(oldestKongVersion(definition)).toBe('3.6')
  })

  it('cannot do without a type it does not know, nor be one that never was', () => {
    @Plugin('1.0.0', 1, { kongVersion: '3.4' })
    class Json {
      @Field({ jsonSchema: { inline: { type: 'object' } } }) json: unknown
      @Access() access() {}
    }
    expect(problemsOf(Json)[0]).toMatch(/^Json\.json: Kong 3\.4 would not start with it/)
    @Plugin('1.0.0', 1, { kongVersion: 'three' })
    class Three {
      @Access() access() {}
    }
    expect(problemsOf(Three)).toEqual(['Three: kongVersion "three" is not a version of Kong; write it as 3.4 or 3.9.1'])
  })
})

describe('an empty text', () => {
  it('is taken where it is the initialiser, unless a rule says otherwise', () => {
    @Plugin('1.0.0', 1)
    class Empty {
      @Field() note = ''
      @Access() access() {}
    }
    expect(buildPluginDefinition(Empty).config.fields[0]).toMatchObject({ default: '', attributes: { len_min: 0 } })
    @Plugin('1.0.0', 1)
    class Filled {
      @Field() @IsNotEmpty() note = ''
      @Field({ lenMin: 2 }) code = ''
      @Access() access() {}
    }
    expect(problemsOf(Filled).map((problem) => problem.replace(/: .*/, ''))).toEqual(['Filled.note', 'Filled.code'])
  })
})

describe('required', () => {
  it('is every field without initialiser, also with a default of its own', () => {
    @Plugin('1.0.0', 1)
    class Required {
      @Field({ default: 'x' }) said!: string
      @Field() initialised = 'x'
      @Field() @IsOptional() optional!: string
      @Field() @Equals(true) agreed!: boolean
      @Access() access() {}
    }
    const { config } = buildPluginDefinition(Required)
    expect(config.fields.map(({ name, required }) => [name, required])).toEqual([
      ['said', true],
      ['initialised', false],
      ['optional', false],
      ['agreed', true],
    ])
    expect(config.fields.at(-1)?.attributes).toEqual({ eq: true })
  })
})
