/** Reads an object of numbers that another program printed. @throws Error naming the member that is missing. */
export function readNumbers<const Name extends string>(value: unknown, names: readonly Name[]): Readonly<Record<Name, number>> {
  if (typeof value !== 'object' || value === null) throw new Error(`an object with ${names.join(', ')} was expected`)
  const numbers: Partial<Record<Name, number>> = {}
  for (const name of names) numbers[name] = numberAt(value, name)
  return numbers as Record<Name, number>
}

function numberAt(object: object, name: string): number {
  const member: unknown = Reflect.get(object, name)
  if (typeof member !== 'number') throw new Error(`no number ${name} in ${JSON.stringify(object)}`)
  return member
}
