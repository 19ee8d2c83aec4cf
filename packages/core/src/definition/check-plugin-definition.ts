import type { Constructor } from '../declaration/constructor.js'
import { readInjectionTokens, readParameterTypes, type PhaseArgs, type PluginArgs } from '../declaration/metadata-store.js'
import type { DefinitionProblems } from '../errors/plugin-errors.js'
import type { Phase } from '../phase/phase.js'
import { innerRecord, type RecordDefinition } from './plugin-definition.js'
import { KEYS_KONG_ADDS, isPluginName } from './kong-names.js'

/** Finds mistakes in `@Plugin`, in the phase decorators and in the constructor. */
export function checkPlugin(
  target: Constructor,
  name: string,
  args: PluginArgs,
  phases: ReadonlyMap<Phase, readonly PhaseArgs[]>,
  problems: DefinitionProblems,
): void {
  if (!/^\d+\.\d+\.\d+$/.test(args.version)) {
    problems.add(
      target.name,
      undefined,
      `version ${JSON.stringify(args.version)} is not x.y.z`,
      "Kong does not start with anything else: @Plugin('1.0.0', …)",
    )
  }
  if (!Number.isInteger(args.priority)) {
    problems.add(
      target.name,
      undefined,
      `priority ${args.priority} is not an integer`,
      'Kong orders plugins by an integer: @Plugin(…, 1000)',
    )
  }
  if (!isPluginName(name)) {
    problems.add(
      target.name,
      undefined,
      `${JSON.stringify(name)} is not a name that Kong can use`,
      'use lower-case letters, digits, - and _: { name: "my-plugin" }',
    )
  }
  if (phases.size === 0) {
    problems.add(target.name, undefined, 'it handles no phase', 'decorate a method with @Access(), @Log() or another phase')
  }
  for (const [phase, handlers] of phases) {
    if (handlers.length > 1) {
      const names = handlers.map(({ handler }) => String(handler)).join(', ')
      problems.add(target.name, names, `${handlers.length} handlers for ${phase}`, 'keep one and call the others from it')
    }
    for (const { handler, options } of handlers) {
      const { timeout } = options
      // A timer that is longer than Node.js can count fires at once.
      if (timeout !== undefined && !(timeout >= 0 && timeout < 2 ** 31)) {
        problems.add(
          target.name,
          String(handler),
          `timeout ${timeout} is not a number of milliseconds from 0 to 2147483647`,
          'use 0 for no limit, or a positive number below 60000',
        )
      }
    }
  }
  const { kongVersion } = args.options
  if (kongVersion !== undefined && !/^\d+\.\d+(\.\d+)*$/.test(kongVersion)) {
    problems.add(target.name, undefined, `kongVersion ${JSON.stringify(kongVersion)} is not a version of Kong`, 'write it as 3.4 or 3.9.1')
  }
  checkInjection(target, problems)
}

/** Finds parameters that the container cannot build: for `import type { Service }` the compiler records `Object` or `Function`. */
function checkInjection(target: Constructor, problems: DefinitionProblems): void {
  const types = readParameterTypes(target)
  if (types === undefined) {
    if (target.length > 0) {
      problems.add(
        target.name,
        'constructor',
        'the types of its parameters are unknown',
        'compile with emitDecoratorMetadata (tsc, swc, oxc; esbuild cannot)',
      )
    }
    return
  }
  const tokens = readInjectionTokens(target)
  types.forEach((type, index) => {
    if (tokens.has(index) || (typeof type === 'function' && type !== Object && type !== Function)) return
    problems.add(
      target.name,
      `constructor parameter ${index + 1}`,
      'the class to inject is unknown at run time',
      'import it with `import { X }`, not `import type { X }`; for an interface use @inject(token)',
    )
  })
}

/** Finds mistakes in the fields of a record and of the records in it. */
export function checkFields(record: RecordDefinition, className: string, topLevel: boolean, problems: DefinitionProblems): void {
  const owners = new Map<string, string>()
  for (const { name, property, attributes, type } of record.fields) {
    const owner = owners.get(name)
    if (owner !== undefined)
      problems.add(className, property, `${owner} is called ${name} in Kong too`, 'give one of them another name: @Field("other_name")')
    owners.set(name, property)
    if (topLevel && KEYS_KONG_ADDS.has(name)) {
      problems.add(
        className,
        property,
        `Kong itself puts ${name} into the configuration and would overwrite it`,
        'choose another name: @Field("my_' + name.replaceAll('_', '') + '")',
      )
    }
    const { description } = attributes
    if (typeof description === 'string' && !isDescription(description)) {
      problems.add(className, property, `its description has ${Buffer.byteLength(description)} bytes`, 'Kong takes 10 to 500 bytes')
    }
    if (name === 'updated_at') {
      problems.add(className, property, 'Kong never validates a field called updated_at', 'choose another name: @Field("changed_at")')
    }
    const inner = innerRecord(type)
    if (inner !== undefined) checkFields(inner, inner.construct?.name ?? className, false, problems)
  }
}

function isDescription(text: string): boolean {
  const bytes = Buffer.byteLength(text)
  return bytes >= 10 && bytes <= 500
}
