// A configuration as Kong sends it to start an instance.

/** An object as `JSON.parse` returns it. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Whether a value of JSON is an object, not a list. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What Kong sends about the plugin entity beside its configuration, in the same JSON object. */
export interface InstanceMetadata {
  /** The plugin entity's uuid (`__plugin_id`, Kong 3.3+). */
  readonly pluginId: string | undefined
  /** Counts changes of configurations (`__seq__`): the same plugin id with another number is a changed configuration. */
  readonly sequence: number | undefined
  /** Kong's cache key of the configuration (`__key__`). */
  readonly cacheKey: string | undefined
  /** The workspace (`__ws_id`, Kong 3.9+). */
  readonly workspaceId: string | undefined
  /** The route that the plugin is configured on. */
  readonly routeId: string | undefined
  /** The service that the plugin is configured on. */
  readonly serviceId: string | undefined
  /** The consumer that the plugin is configured for. */
  readonly consumerId: string | undefined
  /** `instance_name` of the plugin entity (Kong 3.2+). */
  readonly instanceName: string | undefined
  /** The texts of the `{vault://…}` references of its fields, in the shape of the configuration; `undefined` without any. */
  readonly references: JsonObject | undefined
}

/** Reads Kong's own keys from the configuration that it sends. */
export function readInstanceMetadata(config: JsonObject): InstanceMetadata {
  return {
    pluginId: text(config['__plugin_id']),
    sequence: typeof config['__seq__'] === 'number' ? config['__seq__'] : undefined,
    cacheKey: text(config['__key__']),
    workspaceId: text(config['__ws_id']),
    routeId: text(config['route_id']),
    serviceId: text(config['service_id']),
    consumerId: text(config['consumer_id']),
    instanceName: text(config['plugin_instance_name']),
    references: isJsonObject(config['$refs']) ? config['$refs'] : undefined,
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
