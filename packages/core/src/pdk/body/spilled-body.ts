import { PdkBodyError } from '../pdk-body-error.js'
import type { PdkChannel } from '../pdk-channel.js'
import { PDK_METHODS } from '../pdk-methods.js'

/**
 * Tells the file into which nginx wrote the request body, `undefined` when it is in memory.
 *
 * Before 3.8, Kong raises when it is asked for a body in a file. Reading the body as a form first is safe in every version and makes
 * nginx read it; only then does nginx know whether there is a file.
 */
export async function spilledBodyFile(channel: PdkChannel): Promise<string | undefined> {
  await channel.send(PDK_METHODS.request.getBody, ['application/x-www-form-urlencoded'])
  const file = await channel.send<string | undefined>(PDK_METHODS.nginx.getVar, ['request_body_file'])
  return file === '' ? undefined : file
}

/** The body cannot be had from this Kong. */
export function spilledBodyError(): PdkBodyError {
  return new PdkBodyError(
    'nginx wrote the request body to a file, and this version of Kong does not read it back: raise client_body_buffer_size ' +
      '(nginx_http_client_body_buffer_size in kong.conf) above the largest body, or use Kong 3.8 or newer',
  )
}
