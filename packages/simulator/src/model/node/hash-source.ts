/** Something of a request that consistent hashing can go by, as `hash_on` and `hash_fallback` of an upstream name it. */
export type HashSource =
  | { readonly on: 'consumer' | 'ip' | 'path' }
  | { readonly on: 'header' | 'query_arg' | 'uri_capture'; readonly name: string }
  /** A client without the cookie is given it. */
  | { readonly on: 'cookie'; readonly name: string; readonly path: string }
