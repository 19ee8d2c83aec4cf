/** Reads `return <table>` of Lua: tables of literals, as far as a schema needs them. An oracle of its own, so that the writer is not trusted. */
export function readLua(text: string): unknown {
  const tokens = [...text.matchAll(/--[^\n]*|"((?:\\\d{3}|\\.|[^"\\\n])*)"|[A-Za-z_][\w.]*|-?\d[\d.eE+-]*|[{}[\]=,]/g)].filter(
    ([token]) => !token.startsWith('--'),
  )
  let at = 0
  const take = (expected?: string): RegExpMatchArray => {
    const token = tokens[at++]
    if (token === undefined || (expected !== undefined && token[0] !== expected))
      throw new Error(`expected ${expected ?? 'a token'} at ${token?.index ?? 'the end'}`)
    return token
  }
  take('return')
  const result = value()
  if (at !== tokens.length) throw new Error('more than one value')
  return result

  function value(): unknown {
    const [token, quoted] = take()
    if (quoted !== undefined) return unquote(quoted)
    if (token === '{') return table()
    if (token === 'ngx.null') return null
    if (token === 'true' || token === 'false') return token === 'true'
    if (!/^-?\d/.test(token)) throw new Error(`unexpected ${token}`)
    return Number(token)
  }

  function table(): unknown {
    const list: unknown[] = []
    const entries: [string, unknown][] = []
    while (tokens[at]?.[0] !== '}') {
      if (tokens[at]?.[0] === '[') {
        take('[')
        const key = String(value())
        take(']')
        take('=')
        entries.push([key, value()])
      } else if (tokens[at + 1]?.[0] === '=') {
        const [key] = take()
        take('=')
        entries.push([key, value()])
      } else list.push(value())
      if (tokens[at]?.[0] !== '}') take(',')
    }
    take('}')
    if (list.length > 0 && entries.length > 0) throw new Error('a table that is both')
    return list.length > 0 ? list : Object.fromEntries(entries)
  }
}

function unquote(text: string): string {
  return text.replaceAll(/\\(\d{3}|.)/g, (_, escape: string) => (/^\d/.test(escape) ? String.fromCharCode(Number(escape)) : escape))
}
