import type { IncomingMessage } from 'node:http'
import { isRecord } from '../entities/json-record.js'
import { parseYamlConfig } from '../entities/load-declarative-config.js'
import { GatewayConfigError } from '../report/gateway-errors.js'

const LARGEST_CONFIG_BYTES = 64 * 1024 * 1024

/**
 * Reads the declarative config of a `POST /config`: the body is the config as JSON or YAML, or has it as text in a member or form field
 * `config`.
 * @throws GatewayConfigError for a body that is neither.
 */
export async function readConfigBody(request: IncomingMessage): Promise<unknown> {
  const bytes = await readAll(request)
  const type = request.headers['content-type'] ?? 'application/json'
  if (/^(multipart\/form-data|application\/x-www-form-urlencoded)/i.test(type)) return parse(await configField(bytes, type))
  const document = parse(bytes.toString('utf8'))
  return isRecord(document) && typeof document['config'] === 'string' && document['_format_version'] === undefined
    ? parse(document['config'])
    : document
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk)
    size += bytes.length
    if (size > LARGEST_CONFIG_BYTES) throw new GatewayConfigError('POST /config: more than 64 MiB; send a smaller config')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}

async function configField(bytes: Buffer, type: string): Promise<string> {
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } }).formData().catch(() => undefined)
  const field = form?.get('config')
  if (field === undefined || field === null)
    throw new GatewayConfigError('POST /config: the form has no field "config"; send the declarative config in it')
  return typeof field === 'string' ? field : field.text()
}

function parse(text: string): unknown {
  return parseYamlConfig(text, 'POST /config')
}
