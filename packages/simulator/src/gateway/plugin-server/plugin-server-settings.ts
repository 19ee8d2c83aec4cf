/** One entry of `pluginserver_names` with what belongs to it. */
export interface PluginServerSettings {
  /** As written in `pluginserver_names`, lower-cased. */
  readonly name: string
  /** `pluginserver_NAME_socket`; without it `<prefix>/NAME.socket`. */
  readonly socket?: string
  /** `pluginserver_NAME_start_cmd`; without it the plugin server is managed by someone else. */
  readonly startCommand?: string
  /** `pluginserver_NAME_query_cmd`: prints the plugin info. */
  readonly queryCommand: string
  /** Folder both commands run in; the gateway's own when it is left out. */
  readonly cwd?: string
}
