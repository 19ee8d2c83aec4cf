/** Characters whose escapes Kong leaves alone because decoding them would change what the path means. */
const RESERVED = new Set("!*'();:@&=+$,/?%#[]")

/**
 * The path as `kong.request.get_path` gives it: escapes decoded unless of a reserved character, dot segments resolved, slashes merged.
 */
export function normalizePath(path: string): string {
  if (path === '' || path === '/') return path
  const decoded = path.replace(/%([0-9a-fA-F]{2})/g, (match, hex: string) => {
    const char = String.fromCharCode(Number.parseInt(hex, 16))
    return RESERVED.has(char) ? match.toUpperCase() : char
  })
  const out: string[] = []
  let rest = decoded
  while (rest.length > 0) {
    if (rest === '/.') rest = '/'
    else if (rest === '/..') {
      rest = '/'
      out.pop()
    } else if (rest === '.' || rest === '..') rest = ''
    else if (rest.startsWith('../')) rest = rest.slice(3)
    else if (rest.startsWith('./')) rest = rest.slice(2)
    else if (rest.startsWith('/./')) rest = rest.slice(2)
    else if (rest.startsWith('/../')) {
      rest = rest.slice(3)
      out.pop()
    } else if (rest.startsWith('//')) rest = rest.slice(1)
    else {
      const end = rest.indexOf('/', 1)
      out.push(end < 0 ? rest : rest.slice(0, end))
      rest = end < 0 ? '' : rest.slice(end)
    }
  }
  return out.join('')
}

/** The path as Kong sends it on: bytes that are not of a URI are percent-encoded, escapes already there stay. */
export function escapePath(path: string): string {
  return path.replace(
    /[^!#$&'()*+,/:;=?@[\]A-Za-z0-9\-_.~%]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
