/** Types of single values on the wire. */
export type ProtoScalar = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'double' | 'enum'

/** One field of a message. */
export interface ProtoField {
  readonly name: string
  readonly number: number
  readonly type: ProtoScalar | ProtoMessage
  /** A `single` field that was not sent is zero, false or '' when it is read; a `oneof` field is nil. */
  readonly label: 'single' | 'oneof' | 'repeated' | 'map'
}

/** A message type. `fields` is a function, because Value, Struct and ListValue refer to each other. */
export interface ProtoMessage {
  readonly name: string
  readonly fields: () => readonly ProtoField[]
}

/** Declares a message with its fields. */
export function message(name: string, fields: () => readonly ProtoField[]): ProtoMessage {
  return { name, fields }
}

export function single(name: string, number: number, type: ProtoField['type']): ProtoField {
  return { name, number, type, label: 'single' }
}

export function oneOf(name: string, number: number, type: ProtoField['type']): ProtoField {
  return { name, number, type, label: 'oneof' }
}

export function repeated(name: string, number: number, type: ProtoField['type']): ProtoField {
  return { name, number, type, label: 'repeated' }
}

/** A map with strings as keys. `type` is the type of its values. */
export function map(name: string, number: number, type: ProtoField['type']): ProtoField {
  return { name, number, type, label: 'map' }
}
