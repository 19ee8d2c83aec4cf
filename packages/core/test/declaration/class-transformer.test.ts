import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import * as classTransformer from 'class-transformer'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Access, Field, Plugin, Transform, Type } from '@kong-ts/core'
import { buildPluginDefinition } from '@kong-ts/core/server'
import { judgePluginClass } from '@kong-ts/core/tooling'

class Part {
  @Field() name = 'x'
}

describe('@Type', () => {
  it('names the class of a record, of elements and of values, also in a subclass', () => {
    class Base {
      @Field() @Type(() => Part) part!: Part
      @Field() @Type(() => Part) parts: Part[] = []
    }
    @Plugin('1.0.0', 1)
    class Typed extends Base {
      @Field() @Type(() => Part) byName = new Map<string, Part>()
      @Access() access() {}
    }
    const record = { kind: 'record', record: { construct: Part } }
    expect(judgePluginClass(Typed).config.fields.map(({ type }) => type)).toMatchObject([
      record,
      { kind: 'array', elements: { type: record } },
      { kind: 'map', values: { type: record }, container: 'Map' },
    ])
  })

  it("and @Transform are class-transformer's too", () => {
    class Dated {
      @Type(() => Part) part!: Part
      @Transform(({ value }: { value: number }) => value + 1) count = 0
    }
    const dated = classTransformer.plainToInstance(Dated, { part: { name: 'y' }, count: 1 })
    expect(dated.part).toBeInstanceOf(Part)
    expect(dated.count).toBe(2)
  })
})

describe('decorators of class-transformer itself', () => {
  it('are a mistake: a bundle could have a second storage, which nobody reads', () => {
    class Inner {
      @Field() @classTransformer.Transform(({ value }: { value: string }) => value) text = ''
    }
    @Plugin('1.0.0', 1)
    class Direct {
      @Field({ elements: Inner }) @classTransformer.Type(() => Inner) parts: Inner[] = []
      @Access() access() {}
    }
    expect(() => judgePluginClass(Direct)).toThrow(
      /Direct\.parts: its @Type is imported from class-transformer, .*; import Type from @kong-ts\/core\n.*Inner\.text: its @Transform is /,
    )
    expect(() => buildPluginDefinition(Direct)).not.toThrow()
  })
})

/** The part of rolldown's API that is used. It is installed for the cli, which bundles plugin servers with it. */
interface Rolldown {
  rolldown(options: object): Promise<{ write(options: object): Promise<unknown>; close(): Promise<void> }>
}

const core = fileURLToPath(new URL('../../', import.meta.url))
const PLUGIN = `
import { Access, Field, Plugin, Transform, Type } from '@kong-ts/core'
import { buildPluginDefinition, createConfigBinder } from '@kong-ts/core/server'
class Part {}
Field()(Part.prototype, 'name')
class Bundled { access() {} }
Field({ type: 'array', elements: Part })(Bundled.prototype, 'parts')
Type(() => Part)(Bundled.prototype, 'typed')
Field()(Bundled.prototype, 'typed')
Transform(({ value }) => new URL(value))(Bundled.prototype, 'home')
Field({ type: 'string' })(Bundled.prototype, 'home')
Reflect.defineMetadata('design:type', String, Part.prototype, 'name')
Access()(Bundled.prototype, 'access')
Plugin('1.0.0', 1)(Bundled)
const definition = buildPluginDefinition(Bundled)
const binder = createConfigBinder(definition)
export async function bind(text) {
  const instance = new Bundled()
  await binder.bind(binder.read(text), instance)
  return { home: instance.home instanceof URL, typed: instance.typed instanceof Part }
}
`

describe('a bundled plugin', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(core, '.bundle-'))
    await writeFile(join(folder, 'plugin.mjs'), PLUGIN)
    await writeFile(join(folder, 'plain.mjs'), "import { Field } from '@kong-ts/core'\nexport const field = Field\n")
  })
  afterAll(() => rm(folder, { recursive: true }))

  async function bundle(input: string, mainFields: readonly string[]): Promise<string> {
    const rolldownFile = createRequire(new URL('../../../cli/package.json', import.meta.url)).resolve('rolldown')
    const { rolldown } = (await import(/* @vite-ignore */ pathToFileURL(rolldownFile).href)) as Rolldown
    const file = join(folder, `${input}.${mainFields.join('-')}.out.mjs`)
    const build = await rolldown({
      input: join(folder, `${input}.mjs`),
      platform: 'node',
      resolve: { mainFields, conditionNames: ['kong-ts-source', 'import'] },
      tsconfig: join(core, 'tsconfig.json'),
      onLog: () => undefined,
    })
    await build.write({ file, format: 'es', codeSplitting: false, keepNames: true })
    await build.close()
    return file
  }

  it.each([[['main', 'module']], [['module', 'main']], [['main']], [['es2015', 'module', 'main']]])(
    'follows @Type and @Transform where the bundler prefers %j',
    async (mainFields) => {
      const { bind } = (await import(/* @vite-ignore */ pathToFileURL(await bundle('plugin', mainFields)).href)) as {
        bind(text: string): Promise<unknown>
      }
      expect(await bind('{"parts":[],"typed":{"name":"n"},"home":"http://example.com/"}')).toEqual({ home: true, typed: true })
    },
  )

  it('has nothing of class-transformer when it does not use it', async () => {
    expect(await readFile(await bundle('plain', ['module', 'main']), 'utf8')).not.toContain('_typeMetadatas')
    expect(await readFile(await bundle('plugin', ['module', 'main']), 'utf8')).toContain('_typeMetadatas')
  })
})
