import { packArguments } from '../pack-arguments.js'
import { CHANNEL, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

/** Which plugin configuration an OpenTelemetry record belongs to; the keys Kong adds to a configuration. */
export interface TelemetrySource {
  readonly __plugin_id?: string
  readonly plugin_instance_name?: string
}

/** `kong.telemetry`: OpenTelemetry logs. */
export class Telemetry extends PdkNamespace {
  /**
   * Queues an OpenTelemetry log record. Kong 3.8 and newer.
   *
   * @param pluginName name of the plugin that logs
   * @param pluginConfig its configuration; only the keys Kong added are read
   * @param messageType kind of message
   * @param message its text
   * @param attributes attributes of the record
   * @returns `true`, or `undefined` when Kong's opentelemetry plugin collects no logs
   * @kong kong.telemetry.log (certificate, rewrite, access, response, preread, log)
   */
  log(
    pluginName: string,
    pluginConfig: TelemetrySource,
    messageType: string,
    message?: string,
    attributes?: Readonly<Record<string, string | number | boolean>>,
  ): Promise<true | undefined> {
    return this[CHANNEL].send(PDK_METHODS.telemetry.log, packArguments([pluginName, pluginConfig, messageType, message, attributes]))
  }
}
