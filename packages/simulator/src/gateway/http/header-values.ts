import type { HeaderList } from '../../model/index.js'

/** All values of a header, in order. `name` in lower case. */
export function headerValues(headers: HeaderList, name: string): string[] {
  return headers.filter(([each]) => each.toLowerCase() === name).map(([, value]) => value)
}

/** True when a header that is a list of tokens has this one. Both in lower case. */
export function hasToken(headers: HeaderList, name: string, token: string): boolean {
  return headerValues(headers, name).some((value) =>
    value
      .toLowerCase()
      .split(',')
      .some((part) => part.trim() === token),
  )
}
