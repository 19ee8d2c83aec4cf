import type { KongField } from '@kong-ts/schema'
import type { Constructor } from '../declaration/constructor.js'
import { DEFAULT_PHASE_TIMEOUT, type KongProtocol, type PluginOptions } from '../declaration/decorator-options.js'
import { readPhases, readPlugin } from '../declaration/metadata-store.js'
import { DefinitionProblems, PluginDefinitionError } from '../errors/plugin-errors.js'
import type { Phase } from '../phase/phase.js'
import { buildRecordDefinition } from './build-fields.js'
import { checkFields, checkPlugin } from './check-plugin-definition.js'
import { toKongEntityCheck } from './kong-entity-checks.js'
import { toKebabCase } from './kong-names.js'
import type { PhaseDefinition, PluginDefinition, TopLevelFields } from './plugin-definition.js'

/** Judges a definition that was built, and adds what is wrong with it to the mistakes that are already known. */
export type DefinitionJudge = (definition: PluginDefinition, problems: DefinitionProblems) => void

/**
 * Reads a decorated class into the frozen definition that everything else works from. Called once, when the plugin is loaded.
 *
 * @param judge adds its own findings, so that all mistakes are reported together. A running server has no judge: Kong accepted the schema.
 * @throws PluginDefinitionError with every mistake of the class and its records.
 */
export function buildPluginDefinition(target: Constructor, judge?: DefinitionJudge): PluginDefinition {
  const args = readPlugin(target)
  if (args === undefined) {
    const problem = { className: target.name, reason: 'it has no @Plugin', remedy: "decorate the class: @Plugin('1.0.0', 1000)" }
    throw new PluginDefinitionError(target.name, [problem])
  }
  const problems = new DefinitionProblems()
  const { version, priority, options } = args
  const name = options.name ?? toKebabCase(target.name)
  const handlers = readPhases(target)
  checkPlugin(target, name, args, handlers, problems)
  const config = buildRecordDefinition(target, options.entityChecks, [], problems)
  checkFields(config, target.name, true, problems)

  const phases = new Map<Phase, PhaseDefinition>()
  for (const [phase, [first]] of handlers) {
    if (first === undefined) continue
    const { failOpen = false, timeout = DEFAULT_PHASE_TIMEOUT } = first.options
    phases.set(phase, Object.freeze({ phase, handler: first.handler, failOpen, timeout }))
  }
  const { kongVersion } = options
  const definition: PluginDefinition = Object.freeze({
    name,
    version,
    priority,
    phases,
    config: freezeDeep(config),
    topLevelFields: freezeDeep(buildTopLevelFields(options, [...phases.keys()])),
    topLevelEntityChecks: freezeDeep((options.pluginEntityChecks ?? []).map(toKongEntityCheck)),
    pluginClass: target,
    ...(kongVersion === undefined ? {} : { kongVersion }),
  })
  judge?.(definition, problems)
  problems.throwIfAny(target.name)
  return definition
}

const HTTP_PROTOCOLS: readonly KongProtocol[] = ['grpc', 'grpcs', 'http', 'https']
const STREAM_PROTOCOLS: readonly KongProtocol[] = ['tcp', 'tls', 'tls_passthrough', 'udp']

/**
 * The fields of the plugin entity that a plugin restricts: `protocols`, and `consumer`, `route`, `service`, which must be null.
 *
 * Kong's own default for protocols is the HTTP family, so a plugin for the stream subsystem alone must list others.
 */
function buildTopLevelFields(options: PluginOptions, phases: readonly Phase[]): TopLevelFields {
  const protocols = options.protocols ?? defaultProtocols(phases)
  return [
    { protocols: { type: 'set', required: true, default: protocols, elements: { type: 'string', one_of: protocols } } },
    ...(options.noConsumer ? [{ consumer: mustBeNull('consumers') }] : []),
    ...(options.noRoute ? [{ route: mustBeNull('routes') }] : []),
    ...(options.noService ? [{ service: mustBeNull('services') }] : []),
  ]
}

function defaultProtocols(phases: readonly Phase[]): readonly KongProtocol[] {
  const http = phases.some((phase) => phase === 'rewrite' || phase === 'access' || phase === 'response')
  const stream = phases.includes('preread')
  return [...(http || !stream ? HTTP_PROTOCOLS : []), ...(stream ? STREAM_PROTOCOLS : [])]
}

/** The form in which Kong reads `no_consumer`, `no_route` and `no_service` from a schema. */
function mustBeNull(reference: string): KongField {
  return { type: 'foreign', reference, eq: null }
}

/** Freezes plain objects and arrays, and what they hold. Leaves classes and their instances alone. */
function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null && !Array.isArray(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) freezeDeep(part)
  return value
}
