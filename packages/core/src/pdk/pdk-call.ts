/**
 * The one seam between the PDK and what carries it to Kong: a MsgPack:1 event, a ProtoBuf:1 event or the mock in `@kong-ts/testing`.
 *
 * `method` is Kong's wire name, for example `kong.request.get_header`. `args` are plain data: strings, numbers, booleans, `null`,
 * `Uint8Array` for bytes, arrays and objects of these; `undefined` counts as nil.
 *
 * The promise resolves with what Kong answered, `undefined` for nil. Lua tables arrive as arrays or as objects without a prototype chain,
 * raw bodies as `Uint8Array`, text as strings (bytes that are not UTF-8 as lone surrogates U+DC80…U+DCFF, which turn into the same bytes
 * when they are sent again).
 *
 * Kong answers one call of an event at a time and in order, so a carrier may be called again only after the last call has settled;
 * callers above it (`EventRun`) queue. Kong never answers `kong.response.exit` and `kong.response.error`: a carrier resolves those with
 * `undefined` once they are handed over, and the event is over.
 */
export type PdkCall = (method: string, args: readonly unknown[]) => Promise<unknown>
