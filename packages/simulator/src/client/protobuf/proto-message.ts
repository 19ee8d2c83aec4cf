/** Types of single values on the wire. */
export type ProtoScalar = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'double' | 'enum'

/** One field of a message. */
export interface ProtoField {
  readonly name: string
  readonly number: number
  readonly type: ProtoScalar | ProtoMessage
  /** `oneof`: has no value of its own when it was not sent. */
  readonly label: 'single' | 'oneof' | 'repeated' | 'map'
}

/** A message type. Fields are asked for late, because Value, Struct and ListValue hold each other. */
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

/** A map with text keys; `type` is that of its values. */
export function map(name: string, number: number, type: ProtoField['type']): ProtoField {
  return { name, number, type, label: 'map' }
}
