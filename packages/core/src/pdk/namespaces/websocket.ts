import { packArguments } from '../pack-arguments.js'
import { CHANNEL, type PdkChannel, PdkNamespace } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

// Names are from memory of Kong's documentation and unverified; Enterprise's source is not public.

const CLIENT = PDK_METHODS['websocket.client']

/**
 * `kong.websocket.client`: frames from the client. Kong Gateway Enterprise only, and refused in every phase an external plugin takes part
 * in.
 */
export class WebSocketClient extends PdkNamespace {
  /**
   * Gives the data of the frame; its status is lost on the way. Enterprise, phase `ws_client_frame`.
   *
   * @kong kong.websocket.client.get_frame (no phase of an external plugin)
   */
  getFrame(): Promise<string | undefined> {
    return this[CHANNEL].send(CLIENT.getFrame, [])
  }

  /**
   * Replaces the data of the frame. Enterprise, phase `ws_client_frame`.
   *
   * @kong kong.websocket.client.set_frame_data (no phase of an external plugin)
   */
  setFrameData(data: string | Uint8Array): Promise<void> {
    return this[CHANNEL].send(CLIENT.setFrameData, [data])
  }

  /**
   * Sets the status of a close frame. Enterprise, phase `ws_client_frame`.
   *
   * @kong kong.websocket.client.set_status (no phase of an external plugin)
   */
  setStatus(status: number): Promise<void> {
    return this[CHANNEL].send(CLIENT.setStatus, [status])
  }

  /**
   * Drops the frame. Enterprise, phase `ws_client_frame`.
   *
   * @kong kong.websocket.client.drop_frame (no phase of an external plugin)
   */
  dropFrame(): Promise<void> {
    return this[CHANNEL].send(CLIENT.dropFrame, [])
  }

  /**
   * Closes the connection. Enterprise, phase `ws_client_frame`.
   *
   * @kong kong.websocket.client.close (no phase of an external plugin)
   */
  close(status?: number, message?: string): Promise<void> {
    return this[CHANNEL].send(CLIENT.close, packArguments([status, message]))
  }

  /**
   * Limits the size of frames, in bytes. Enterprise, phase `ws_handshake`.
   *
   * @kong kong.websocket.client.set_max_payload_size (no phase of an external plugin)
   */
  setMaxPayloadSize(size: number): Promise<void> {
    return this[CHANNEL].send(CLIENT.setMaxPayloadSize, [size])
  }
}

const UPSTREAM = PDK_METHODS['websocket.upstream']

/**
 * `kong.websocket.upstream`: frames from the service. Kong Gateway Enterprise only, and refused in every phase an external plugin takes
 * part in.
 */
export class WebSocketUpstream extends PdkNamespace {
  /**
   * Gives the data of the frame; its status is lost on the way. Enterprise, phase `ws_upstream_frame`.
   *
   * @kong kong.websocket.upstream.get_frame (no phase of an external plugin)
   */
  getFrame(): Promise<string | undefined> {
    return this[CHANNEL].send(UPSTREAM.getFrame, [])
  }

  /**
   * Replaces the data of the frame. Enterprise, phase `ws_upstream_frame`.
   *
   * @kong kong.websocket.upstream.set_frame_data (no phase of an external plugin)
   */
  setFrameData(data: string | Uint8Array): Promise<void> {
    return this[CHANNEL].send(UPSTREAM.setFrameData, [data])
  }

  /**
   * Sets the status of a close frame. Enterprise, phase `ws_upstream_frame`.
   *
   * @kong kong.websocket.upstream.set_status (no phase of an external plugin)
   */
  setStatus(status: number): Promise<void> {
    return this[CHANNEL].send(UPSTREAM.setStatus, [status])
  }

  /**
   * Drops the frame. Enterprise, phase `ws_upstream_frame`.
   *
   * @kong kong.websocket.upstream.drop_frame (no phase of an external plugin)
   */
  dropFrame(): Promise<void> {
    return this[CHANNEL].send(UPSTREAM.dropFrame, [])
  }

  /**
   * Closes the connection. Enterprise, phase `ws_upstream_frame`.
   *
   * @kong kong.websocket.upstream.close (no phase of an external plugin)
   */
  close(status?: number, message?: string): Promise<void> {
    return this[CHANNEL].send(UPSTREAM.close, packArguments([status, message]))
  }

  /**
   * Limits the size of frames, in bytes. Enterprise, phase `ws_handshake`.
   *
   * @kong kong.websocket.upstream.set_max_payload_size (no phase of an external plugin)
   */
  setMaxPayloadSize(size: number): Promise<void> {
    return this[CHANNEL].send(UPSTREAM.setMaxPayloadSize, [size])
  }
}

/** `kong.websocket`: WebSocket frames. Kong Gateway Enterprise only. */
export class WebSocketNamespace {
  /** `kong.websocket.client`: frames from the client. */
  readonly client: WebSocketClient
  /** `kong.websocket.upstream`: frames from the service. */
  readonly upstream: WebSocketUpstream

  constructor(channel: PdkChannel) {
    this.client = new WebSocketClient(channel)
    this.upstream = new WebSocketUpstream(channel)
  }
}
