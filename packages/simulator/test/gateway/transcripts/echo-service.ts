import { createServer, type Server } from 'node:http'

/** The service of the recordings: it answers with the request it got, as JSON, and with the status the query asks for. */
export class EchoService {
  private readonly server: Server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method, url = '', headers, rawHeaders } = request
      response.statusCode = Number(new URLSearchParams(url.split('?')[1]).get('status') ?? 200)
      response.setHeader('content-type', 'application/json')
      response.setHeader('x-upstream', 'echo')
      response.setHeader('x-multi', ['a', 'b'])
      response.write(JSON.stringify({ method, url, headers, rawHeaders, body: Buffer.concat(chunks).toString('utf8') }))
      response.end()
    })
  })

  /** @returns its port. */
  async listen(): Promise<number> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve))
    const address = this.server.address()
    if (typeof address !== 'object' || address === null) throw new Error('the service has no port')
    return address.port
  }

  close(): void {
    this.server.closeAllConnections()
    this.server.close()
  }
}
