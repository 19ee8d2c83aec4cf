import { isRecord } from '../../model/corpus/normalise.js'

/** The ports the recordings name, and those in use here. All have five digits, so that lengths agree. */
export class PortMap {
  private readonly toHere: ReadonlyMap<string, string>
  private readonly toThere: ReadonlyMap<string, string>

  constructor(pairs: readonly (readonly [recorded: number, here: number])[]) {
    this.toHere = new Map(pairs.map(([recorded, here]) => [String(recorded), String(here)]))
    this.toThere = new Map(pairs.map(([recorded, here]) => [String(here), String(recorded)]))
  }

  /** The same map with one port more. */
  with(recorded: number, here: number): PortMap {
    return new PortMap([...[...this.toHere].map(([from, to]) => [Number(from), Number(to)] as const), [recorded, here]])
  }

  /** A recorded value with the ports of here. */
  here<Value>(value: Value): Value {
    return replace(value, this.toHere)
  }

  /** A value of here with the recorded ports. */
  recorded<Value>(value: Value): Value {
    return replace(value, this.toThere)
  }
}

function replace<Value>(value: Value, ports: ReadonlyMap<string, string>): Value {
  return value === undefined ? value : JSON.parse(JSON.stringify(walk(value, ports)))
}

function walk(value: unknown, ports: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'number') return Number(ports.get(String(value)) ?? value)
  if (typeof value === 'string')
    return value.length > 60_000 ? value : value.replace(/(?<![0-9A-Za-z])\d{5}(?![0-9A-Za-z])/g, (port) => ports.get(port) ?? port)
  if (Array.isArray(value)) return value.map((item) => walk(item, ports))
  if (isRecord(value) && typeof value['$str64'] === 'string') {
    const text = Buffer.from(value['$str64'], 'base64').toString('latin1')
    return { $str64: Buffer.from(String(walk(text, ports)), 'latin1').toString('base64') }
  }
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, member]) => [key, walk(member, ports)])) : value
}
