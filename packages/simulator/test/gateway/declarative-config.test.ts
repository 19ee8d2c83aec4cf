import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { LuaTable } from '@kong-ts/schema/lua'
import { loadDeclarativeConfig } from '../../src/gateway/entities/load-declarative-config.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kong-ts-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function load(text: string) {
  const file = join(folder, 'kong.yml')
  await writeFile(file, text)
  return loadDeclarativeConfig(file)
}

async function faultOf(text: string): Promise<string> {
  const error: unknown = await load(text).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof Error)) throw new Error('the config was accepted')
  expect(error).toMatchObject({ code: 'ERR_GATEWAY_CONFIG' })
  expect(error.message).not.toContain('\n')
  expect(error.message.startsWith(join(folder, 'kong.yml'))).toBe(true)
  return error.message.slice(folder.length + 1)
}

const HEAD = '_format_version: "3.0"\n'

describe('a declarative config', () => {
  it('gives services and routes Kong’s defaults and the shorthand url its parts', async () => {
    const { routes } = await load(`${HEAD}services:\n- name: a\n  url: https://up.test/base\n  routes:\n  - name: r\n    paths: [/x]\n`)
    const [{ route, service } = { route: new LuaTable() }] = routes
    expect(service?.get('protocol')).toBe('https')
    expect(service?.get('host')).toBe('up.test')
    expect(service?.get('port')).toBe(443)
    expect(service?.get('path')).toBe('/base')
    expect(service?.get('retries')).toBe(5)
    expect(service?.get('url')).toBeUndefined()
    expect(route.get('strip_path')).toBe(true)
    expect(route.get('https_redirect_status_code')).toBe(426)
    const reference = route.get('service')
    expect(reference instanceof LuaTable && reference.get('id')).toBe(service?.get('id'))
  })

  it('keeps ids over readings and finds plugins wherever they are nested', async () => {
    const text = `${HEAD}services:\n- name: a\n  host: h\n  plugins: [{name: p1}]\n  routes:\n  - name: r\n    paths: [/x]\n    plugins: [{name: p2}]\nconsumers:\n- username: bob\n  plugins: [{name: p3}]\nplugins: [{name: p4, route: r, service: a}]\n`
    const first = await load(text)
    const second = await load(text)
    expect(first.plugins.map(({ name, scope }) => [name, Object.keys(scope)]).sort()).toEqual([
      ['p1', ['service']],
      ['p2', ['route']],
      ['p3', ['consumer']],
      ['p4', ['route', 'service']],
    ])
    expect(second.plugins.map(({ id }) => id)).toEqual(first.plugins.map(({ id }) => id))
  })

  it('leaves out what is not enabled', async () => {
    const { routes, plugins } = await load(
      `${HEAD}plugins: [{name: p, enabled: false}]\nservices:\n- {name: a, host: h, enabled: false, routes: [{name: r, paths: [/]}]}\n`,
    )
    expect([routes, plugins]).toEqual([[], []])
  })

  it('warns of unknown keys with their path', async () => {
    const { warnings } = await load(`${HEAD}workspaces: []\nservices:\n- name: a\n  host: h\n  retires: 3\n`)
    expect(warnings.map((line) => line.slice(folder.length + 1))).toEqual([
      'kong.yml: workspaces is unknown to this gateway and has no effect',
      'kong.yml: services[0].retires is unknown to this gateway and has no effect',
    ])
  })
})

describe('a mistake in a declarative config is one line that names the place', () => {
  it.each([
    ['bad YAML', `${HEAD}services: [\n- a`, /^kong\.yml:\d+:\d+: is not valid YAML \(/],
    ['no format version', 'services: []\n', 'kong.yml: _format_version is missing; write _format_version: "3.0"'],
    ['a scalar', 'hello\n', 'kong.yml: is not a map of entities; begin with _format_version: "3.0"'],
    ['a wrong type', `${HEAD}services: [{name: a, host: h, port: "80"}]\n`, 'kong.yml: services[0].port is "80"; write a whole number'],
    [
      'a path without slash',
      `${HEAD}services:\n- host: h\n  routes: [{paths: [/a]}, {paths: [b]}]\n`,
      'kong.yml: services[0].routes[1].paths[0] is "b"; a path begins with / and a regular expression with ~/',
    ],
    [
      'a bad expression',
      `${HEAD}routes: [{paths: ["~/("]}]\n`,
      /^kong\.yml: routes\[0\]\.paths\[0\]: "~\/\(" is not a valid regular expression/,
    ],
    [
      'a bad url',
      `${HEAD}services: [{url: "up.test"}]\n`,
      'kong.yml: services[0].url "up.test" is not the URL of a service; write it as http://host:port/path',
    ],
    [
      'an unknown service',
      `${HEAD}services: [{name: a, host: h}]\nroutes: [{paths: [/], service: b}]\n`,
      'kong.yml: routes[0].service names "b", but this file has no such service; there are a',
    ],
    [
      'a name used twice',
      `${HEAD}services: [{name: a, host: h}, {name: a, host: i}]\n`,
      'kong.yml: services[1] and services[0] are both "a"; give each its own name and id',
    ],
    ['a plugin without name', `${HEAD}plugins: [{config: {}}]\n`, 'kong.yml: plugins[0].name is missing; Kong requires it'],
    [
      'a route without condition',
      `${HEAD}routes: [{name: r}]\n`,
      'kong.yml: routes[0] has no condition; give it paths, hosts, methods, headers or snis',
    ],
    ['a list that is none', `${HEAD}services: {name: a}\n`, 'kong.yml: services is not a list; write each entry after a dash'],
  ])('%s', async (_, text, expected) => {
    const message = await faultOf(text)
    if (typeof expected === 'string') expect(message).toBe(expected)
    else expect(message).toMatch(expected)
  })

  it('a missing file', async () => {
    await expect(loadDeclarativeConfig(join(folder, 'none.yml'))).rejects.toThrow(
      'none.yml: cannot be read (ENOENT); give the path of a declarative config',
    )
  })
})
