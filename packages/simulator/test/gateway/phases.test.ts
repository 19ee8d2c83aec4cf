import { describe, expect, it } from 'vitest'
import { gatewaysOn, PROTOCOLS, scripted, send, startUpstream } from './fixtures/gateway-harness.js'

const routes = [
  { name: 'a', paths: ['/a'] },
  { name: 'b', paths: ['/b'] },
]
const config = (rest: Record<string, unknown>): Record<string, unknown> => ({ _format_version: '3.0', routes, ...rest })

describe.each(PROTOCOLS)('phases on %s', (protocol) => {
  const startTestGateway = gatewaysOn(protocol)

  it('run the plugin with the higher priority first', async () => {
    const gateway = await startTestGateway(
      [
        { name: 'late', priority: 10 },
        { name: 'early', priority: 2000 },
      ],
      {
        config: config({
          plugins: ['late', 'early'].map((name) => scripted(name, { access: [['kong.service.request.add_header', ['x-order', name]]] })),
        }),
      },
    )
    const answer = await send(`${gateway.proxyUrl}/a`)
    expect(JSON.parse(answer.body.toString()).headers['x-order']).toEqual(['early', 'late'])
  })

  it('run rewrite, access, response and log in that order, and log after the response', async () => {
    const gateway = await startTestGateway([{ name: 'all', phases: 'rewrite,access,response,log' }], {
      config: config({
        plugins: [
          scripted('all', { response: [['kong.response.set_header', ['x-response', 'yes']]], log: [['kong.response.get_status', []]] }),
        ],
      }),
    })
    const answer = await send(`${gateway.proxyUrl}/a`)
    expect(answer.headers['x-response']).toBe('yes')
    const events = await gateway.log.waitFor('all', 'event', 4)
    expect(events.map(({ event }) => event)).toEqual(['rewrite', 'access', 'response', 'log'])
    expect(events[3]?.['results']).toEqual([200])
  })

  it('take the most specific configuration of a plugin, and rewrite only the global one', async () => {
    const script = { access: [['kong.service.request.set_header', ['x-ran', 'yes']]] } as const
    const gateway = await startTestGateway([{ name: 'p', phases: 'rewrite,access' }], {
      config: config({
        plugins: [scripted('p', script, { label: 'global' }), { ...scripted('p', script, { label: 'route' }), route: 'a' }],
      }),
    })
    await send(`${gateway.proxyUrl}/a`)
    await send(`${gateway.proxyUrl}/b`)
    const events = await gateway.log.waitFor('p', 'event', 4)
    expect(events.map(({ event, label }) => [event, label])).toEqual([
      ['rewrite', 'global'],
      ['access', 'route'],
      ['rewrite', 'global'],
      ['access', 'global'],
    ])
  })

  it('end at an exit in access, with log still to come', async () => {
    let asked = 0
    const upstream = await startUpstream((_, response) => {
      asked++
      response.end()
    })
    const gateway = await startTestGateway(
      [
        { name: 'guard', priority: 2000, phases: 'access,log' },
        { name: 'after', priority: 10, phases: 'access,log' },
      ],
      {
        config: config({
          services: [{ name: 's', url: upstream.url }],
          routes: [{ name: 'a', paths: ['/a'], service: 's' }],
          plugins: [
            scripted('guard', {
              access: [
                ['kong.response.exit', [403, 'no', { 'X-Why': 'because' }]],
                ['kong.request.get_path', []],
              ],
            }),
            scripted('after', {}),
          ],
        }),
      },
    )
    const answer = await send(`${gateway.proxyUrl}/a`)
    expect([answer.status, answer.body.toString(), answer.headers['x-why'], asked]).toEqual([403, 'no', 'because', 0])
    const [guard] = await gateway.log.waitFor('guard', 'event', 1)
    const [after] = await gateway.log.waitFor('after', 'event', 1)
    expect([guard?.['event'], after?.['event']]).toEqual(['log', 'log'])
  })

  it('hand a plugin the config with defaults and the keys Kong adds', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], {
      config: config({
        plugins: [
          {
            id: '5f0c2d1e-0000-4000-8000-000000000001',
            name: 'p',
            route: 'a',
            instance_name: 'one',
            config: { label: 'żółć/x', items: [] },
          },
        ],
      }),
    })
    await send(`${gateway.proxyUrl}/a`)
    const [started] = await gateway.log.waitFor('p', 'started', 1)
    expect(started?.['config']).toEqual({
      script: '{}',
      label: 'żółć/x',
      nested: { depth: 1 },
      items: [],
      route_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      plugin_instance_name: 'one',
      __plugin_id: '5f0c2d1e-0000-4000-8000-000000000001',
      __seq__: 1,
      __ws_id: '0dc6f45b-8f8d-40d2-a504-473544ee190b',
      __key__: expect.stringMatching(/^plugins:p:[0-9a-f-]{36}::::0dc6f45b-8f8d-40d2-a504-473544ee190b$/),
    })
  })

  it('resolve a reference to a secret in the config, and tell the plugin of it', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], {
      env: { TEST_SECRET: 'tiptop' },
      config: config({ plugins: [scripted('p', {}, { secret: '{vault://env/test-secret}' })] }),
    })
    await send(`${gateway.proxyUrl}/a`)
    const [started] = await gateway.log.waitFor('p', 'started', 1)
    expect(started?.['config']).toMatchObject({ secret: 'tiptop', $refs: { secret: '{vault://env/test-secret}' } })
  })

  it('start one instance per worker, however many requests come first', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], { workers: 2, config: config({ plugins: [scripted('p', {})] }) })
    await Promise.all(Array.from({ length: 20 }, () => send(`${gateway.proxyUrl}/a`)))
    await gateway.log.waitFor('p', 'event', 20)
    expect(gateway.log.printed('p', 'started')).toHaveLength(2)
  })

  it('after a reload start the instance anew and then close the old one', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], { config: config({ plugins: [scripted('p', {})] }) })
    await send(`${gateway.proxyUrl}/a`)
    await gateway.reload()
    await send(`${gateway.proxyUrl}/a`)
    await gateway.log.waitFor('p', 'event', 2)
    const printed = gateway.log.lines
      .filter((line) => line.startsWith('[info] [p:'))
      .map((line) => Object.keys(JSON.parse(line.replace(/^.*?\] \[.*?\] /, '')))[0])
    expect(printed).toEqual(['started', 'event', 'started', 'closed', 'event'])
    expect(gateway.log.printed('p', 'started')[1]).toMatchObject({ config: { __seq__: 2 } })
  })

  it('go on with the old configuration when a reload fails', async () => {
    const gateway = await startTestGateway([{ name: 'p' }], { config: config({ plugins: [scripted('p', {})] }) })
    await expect(gateway.reload(config({ plugins: [{ name: 'q' }] }))).rejects.toThrow(
      'config: plugins[0]: plugin "q" is unknown; plugin servers offer: p',
    )
    expect((await send(`${gateway.proxyUrl}/a`)).status).toBe(200)
  })
})
