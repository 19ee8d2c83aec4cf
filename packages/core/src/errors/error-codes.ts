import type { SchemaErrorCode } from '@kong-ts/schema'
import type { KongTsErrorCode } from './kong-ts-error.js'

/** What one error code means, for `docs/errors.md`. */
export interface ErrorCodeRow {
  /** The class of the errors, or the classes. */
  readonly thrownAs: string
  /** When the error is raised. */
  readonly when: string
  /** What to do about it. */
  readonly remedy: string
}

/**
 * Every error code of kong-ts. A code is never renamed and never used for something else; the texts may change.
 *
 * Who adds a code adds a row here, then runs `node scripts/generate-error-docs.mjs`.
 */
export const ERROR_CODES: Readonly<Record<KongTsErrorCode | SchemaErrorCode, ErrorCodeRow>> = {
  ERR_PLUGIN_DEFINITION: {
    thrownAs: '`PluginDefinitionError`, `KongTsError`',
    when: 'A plugin class cannot become a Kong plugin: a decorator is missing or contradicts another, Kong would refuse the generated schema, or the container cannot build the class.',
    remedy: 'Change the class. The error lists every mistake with class, property, reason and remedy.',
  },
  ERR_PLUGIN_CONFIG: {
    thrownAs: '`ConfigError`',
    when: 'A configuration has values of the wrong kind, refers to a secret that Kong could not read, or breaks a rule that Kong cannot check. The instance does not start, and Kong answers requests with 500.',
    remedy: 'Correct the listed fields in the configuration of the plugin. Kong starts the instance again with the next request.',
  },
  ERR_PDK_PHASE: {
    thrownAs: '`PdkPhaseError`',
    when: 'A handler called a PDK function in a phase in which Kong would raise. Nothing was sent to Kong.',
    remedy:
      'Call the function in one of the phases that the error names. Type the parameter of the handler as `PhasePDK` to find such calls when compiling.',
  },
  ERR_PDK_ARGUMENT: {
    thrownAs: '`PdkArgumentError`',
    when: 'A PDK function got an argument on which Kong would raise. Nothing was sent to Kong.',
    remedy: 'Pass a value that keeps the rule in the error.',
  },
  ERR_PDK_CALL: {
    thrownAs: '`KongTsError`, `PdkBodyError`',
    when: 'A PDK call has no result: its phase is over, the connection to Kong was lost, Kong raised, or a body could not be read.',
    remedy: 'Await every PDK call inside its handler. For bodies, raise the limit or check the content type, as the error says.',
  },
  ERR_PDK_PROTOCOL: {
    thrownAs: '`PdkProtocolError`',
    when: 'A handler called a PDK function that Kong cannot answer over ProtoBuf:1.',
    remedy: 'Use what the error names instead, or serve the plugin over MsgPack:1.',
  },
  ERR_NO_CURRENT_EVENT: {
    thrownAs: '`KongTsError`',
    when: 'An injected `PDK` was used outside an event, such as in a constructor, in `onStart` or in a timer.',
    remedy: 'Use it only in what a phase handler awaits.',
  },
  ERR_PHASE_TIMEOUT: {
    thrownAs: '`PhaseTimeoutError`, `KongTsError`',
    when: 'A handler took longer than the timeout of its phase. The client got 504, unless the phase fails open.',
    remedy: 'Limit what the handler waits for (`kong.signal` is aborted at the deadline), or raise the timeout of the phase.',
  },
  ERR_INSTANCE: {
    thrownAs: '`InstanceError`',
    when: 'Kong asked for a plugin that the server does not have, or for an instance that cannot run.',
    remedy: 'Compare the plugin names in `kong.conf` with those of the server. Kong starts unknown instances again by itself.',
  },
  ERR_SERVER_START: {
    thrownAs: '`ServerStartError`',
    when: 'The plugin server cannot start: a flag is wrong, the socket is taken, or the folder of the socket cannot be written.',
    remedy: 'Do what the error says, then start the server again.',
  },
  ERR_PROTOCOL: {
    thrownAs: '`ProtocolError`',
    when: 'The plugin server read bytes that Kong would not send, or a message above the size limit. Only that connection is closed.',
    remedy: 'Check what else writes to the socket. If it is Kong, report the bytes as a bug of kong-ts.',
  },
  ERR_GATEWAY_CONFIG: {
    thrownAs: '`GatewayConfigError`',
    when: 'The simulated Kong cannot use a `kong.yml`, a `kong.conf` or an option.',
    remedy: 'Correct the place that the error names.',
  },
  ERR_GATEWAY_START: {
    thrownAs: '`GatewayStartError`',
    when: 'The simulated Kong cannot start: a port is in use, or a plugin server does not answer.',
    remedy: 'Free the port, or run the command in the error by hand to see why it fails.',
  },
  ERR_PLUGIN_FILE: {
    thrownAs: '`PluginFileError`',
    when: 'The `kong-ts` command cannot load a plugin from a file, or cannot bundle it.',
    remedy: 'Build the plugin first, and name the script that calls `startServer` or the module that exports the class.',
  },
  ERR_TEST: {
    thrownAs: '`KongTsError`',
    when: 'A test asks the simulated Kong for something that it cannot do, or uses a matcher on a value of another kind.',
    remedy: 'Change the test as the error says.',
  },
  ERR_KONG_VERSION: {
    thrownAs: '`SchemaError`',
    when: 'A text is not the version of a Kong that kong-ts knows.',
    remedy: 'Write it as `3.9` or `3.9.1`. The oldest Kong is 2.8.',
  },
  ERR_KONG_SCHEMA: {
    thrownAs: '`SchemaError`',
    when: 'A configuration was to be judged by a schema that Kong would not load.',
    remedy: 'Call `checkSchema` to get every problem of the schema.',
  },
  ERR_NOT_JSON: {
    thrownAs: '`SchemaError`',
    when: 'A schema or a plugin entry holds a value that JSON does not have, or is not an object.',
    remedy: 'Pass what `JSON.parse` returns.',
  },
}
