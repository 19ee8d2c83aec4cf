import { describe, expect, it } from 'vitest'
import { PDK, type Phase } from '../../src/index.js'
import { PHASES } from '../../src/server.js'
import { IMPOSSIBLE_METHODS } from '../../src/pdk/methods/raw-call.js'
import { readData } from './recorded-calls.js'
import { recordingCarrier } from './recording-carrier.js'
import { ALL_METHODS, BY_KONG_NAME, typedMethod } from './typed-call.js'

interface KongFunction {
  readonly method: string
  readonly edition: 'oss' | 'enterprise'
  readonly phases: readonly string[]
  readonly log_phase: string
  readonly certificate_note?: string
  readonly args: readonly { readonly name: string }[]
  readonly remote: { readonly 'MsgPack:1': 'ok' | 'partial' | 'impossible' }
}

const FUNCTIONS: readonly KongFunction[] = JSON.parse(readData('pdk.json.gz'))
const LISTED = IMPOSSIBLE_METHODS.map(({ name }) => name)

/** Functions that Kong would find, but that no external plugin can make use of. They are refused like those that are impossible. */
const OF_NO_USE = ['kong.table', 'kong.vault.flush', 'kong.vault.init_worker', 'kong.vault.warmup', 'kong.websocket']

const POSSIBLE = FUNCTIONS.filter(({ method, remote }) => remote['MsgPack:1'] !== 'impossible' && !isBelow(OF_NO_USE, method))

function isBelow(names: readonly string[], method: string): boolean {
  return names.some((name) => method === name || method.startsWith(`${name}.`))
}

/** `kong.log` and `kong.log.inspect` can be called and have members at once, which a TypeScript object has under names of its own. */
const NAMES: Readonly<Record<string, string>> = {
  'kong.log': 'log.log',
  'kong.log.inspect.on': 'log.inspectOn',
  'kong.log.inspect.off': 'log.inspectOff',
}

/** In rewrite there is no balancer data yet, so that Kong raises although its phase check lets the call pass. */
const RAISES_ALL_THE_SAME: Readonly<Record<string, Phase>> = { 'kong.service.set_target': 'rewrite' }

function camelCase(name: string): string {
  return name.replace(/^kong\./, '').replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

function phasesOf(kongFunction: KongFunction): Phase[] {
  return PHASES.filter((phase) => {
    if (!kongFunction.phases.includes(phase) || RAISES_ALL_THE_SAME[kongFunction.method] === phase) return false
    if (phase === 'certificate') return kongFunction.certificate_note === undefined
    return phase !== 'log' || !/^(raises|rejected|works only for)/.test(kongFunction.log_phase)
  })
}

describe("Kong's functions", () => {
  it('are the 159 of the data file', () => {
    expect(FUNCTIONS.length).toBe(159)
  })

  it('have a method each, where an external plugin can call them, and no others', () => {
    expect([...BY_KONG_NAME.keys()].sort()).toEqual(POSSIBLE.map(({ method }) => method).sort())
  })

  it.each(POSSIBLE)('$method is under its own name in camelCase, in its phases, marked with its edition', (kongFunction) => {
    const named = BY_KONG_NAME.get(kongFunction.method)
    expect(named?.path).toBe(NAMES[kongFunction.method] ?? camelCase(kongFunction.method))
    expect(named?.method.edition).toBe(kongFunction.edition)
    expect([...(named?.method.phases ?? [])]).toEqual(phasesOf(kongFunction))
  })

  it.each(POSSIBLE)('$method has its arguments under the names of Kong', ({ method, args }) => {
    const names = args.map(({ name }) => name)
    const optional = method === 'kong.client.tls.request_client_certificate' ? [] : names
    expect(BY_KONG_NAME.get(method)?.method.argumentNames).toEqual(names[0] === '...' ? ['message'] : optional)
  })

  it('that cannot be called are listed with a reason', () => {
    for (const { method, remote } of FUNCTIONS) {
      const impossible = remote['MsgPack:1'] === 'impossible' || isBelow(OF_NO_USE, method)
      expect(isBelow(LISTED, method), method).toBe(impossible)
    }
    for (const name of LISTED) expect(FUNCTIONS.some(({ method }) => isBelow([name], method))).toBe(true)
  })
})

describe('the classes', () => {
  const kong = new PDK(recordingCarrier().call)

  it.each(ALL_METHODS)('have $path', ({ path }) => {
    expect(typedMethod(kong, path)).toBeTypeOf('function')
  })

  it('have no method that is not in the table', () => {
    const paths = new Set(ALL_METHODS.map(({ path }) => path))
    expect(methodPaths(kong, '').filter((path) => !paths.has(path))).toEqual(['raw'])
  })
})

/** The paths of all methods that can be reached from an object. */
function methodPaths(object: object, prefix: string): string[] {
  const prototype: object = Object.getPrototypeOf(object)
  const names = [...Object.getOwnPropertyNames(prototype), ...Object.keys(object)]
  return names.flatMap((name) => {
    if (name === 'constructor' || name === 'signal') return []
    const value: unknown = Reflect.get(object, name)
    const path = prefix === '' ? name : `${prefix}.${name}`
    if (typeof value === 'function') return [path]
    return typeof value === 'object' && value !== null ? methodPaths(value, path) : []
  })
}
