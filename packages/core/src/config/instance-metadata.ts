/** What Kong tells about the configured plugin beside its configuration, in the same JSON object. */
export interface InstanceMetadata {
  /** The plugin entity's uuid (`__plugin_id`, Kong 3.3+). */
  readonly pluginId: string | undefined
  /** Counts configuration changes (`__seq__`): the same id with another number is a changed configuration. */
  readonly sequence: number | undefined
  /** Kong's cache key of the configuration (`__key__`). */
  readonly cacheKey: string | undefined
  /** Workspace (`__ws_id`, Kong 3.9+). */
  readonly workspaceId: string | undefined
  /** The route the plugin is configured on. */
  readonly routeId: string | undefined
  /** The service the plugin is configured on. */
  readonly serviceId: string | undefined
  /** The consumer the plugin is configured for. */
  readonly consumerId: string | undefined
  /** `instance_name` of the plugin entity (Kong 3.2+). */
  readonly instanceName: string | undefined
  /** The texts of `{vault://…}` references, where fields hold any: same shape as the configuration. */
  readonly references: Readonly<Record<string, unknown>> | undefined
}

/** Takes Kong's own keys out of the configuration object it sends. */
export function readInstanceMetadata(config: Readonly<Record<string, unknown>>): InstanceMetadata {
  return {
    pluginId: text(config['__plugin_id']),
    sequence: typeof config['__seq__'] === 'number' ? config['__seq__'] : undefined,
    cacheKey: text(config['__key__']),
    workspaceId: text(config['__ws_id']),
    routeId: text(config['route_id']),
    serviceId: text(config['service_id']),
    consumerId: text(config['consumer_id']),
    instanceName: text(config['plugin_instance_name']),
    references: isObject(config['$refs']) ? config['$refs'] : undefined,
  }
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
