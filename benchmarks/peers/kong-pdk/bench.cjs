'use strict'

/** The four workloads for kong-pdk: the same calls in the same order as in src/bench-plugin.ts. */
class BenchPlugin {
  constructor(config) {
    this.mode = config.mode
  }

  async access(kong) {
    if (this.mode === 'w1') {
      const host = await kong.request.getHeader('host')
      await kong.response.setHeader('x-hello', `hello ${host}`)
    } else if (this.mode === 'w2') {
      const method = await kong.request.getMethod()
      const path = await kong.request.getPath()
      const headers = await kong.request.getHeaders()
      const query = await kong.request.getQuery()
      const agent = await kong.request.getHeader('user-agent')
      const type = await kong.request.getHeader('content-type')
      const ip = await kong.client.getIp()
      await kong.service.request.setHeader('x-seen', `${method} ${path} ${Object.keys(headers).length} ${Object.keys(query).length}`)
      await kong.service.request.setHeader('x-from', ip)
      await kong.response.setHeader('x-agent', `${agent} ${type}`)
    } else if (this.mode === 'w3') {
      await kong.service.request.setRawBody(await kong.request.getRawBody())
    }
  }
}

module.exports = {
  Plugin: BenchPlugin,
  Name: 'bench',
  Version: '1.0.0',
  Priority: 1,
  Schema: [{ mode: { type: 'string', default: 'w0' } }],
}
