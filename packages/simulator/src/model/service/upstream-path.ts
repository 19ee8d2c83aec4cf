/**
 * The path towards the service (`path_handling` v0): the service's own path, then what is left of the request's when the matched prefix
 * is stripped.
 */
export function upstreamPath(requestPath: string, prefix: string | undefined, servicePath: string | undefined): string {
  const base = servicePath ?? '/'
  if (prefix === undefined) {
    if (base.endsWith('/')) return base + requestPath.slice(1)
    return requestPath === '/' ? base : base + requestPath
  }
  const rest = withoutDots(requestPath.slice(prefix.length))
  if (rest === '') return emptyRest(base, requestPath.endsWith('/') && requestPath.length > 1)
  if (base.endsWith('/')) return rest.startsWith('/') ? base.slice(0, -1) + rest : base + rest
  return rest.startsWith('/') ? base + rest : `${base}/${rest}`
}

function emptyRest(base: string, requestEndsInSlash: boolean): string {
  if (base === '/') return '/'
  if (base.endsWith('/')) return requestEndsInSlash ? base : base.slice(0, -1)
  return requestEndsInSlash ? `${base}/` : base
}

function withoutDots(rest: string): string {
  if (rest === '.' || rest === '..') return ''
  if (rest.startsWith('./')) return rest.slice(2)
  return rest.startsWith('../') ? rest.slice(3) : rest
}
