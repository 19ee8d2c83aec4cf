/**
 * Something Kong's Lua code raises on (an assertion, an index of nil) and nobody there catches: the request fails with 500.
 * Not meant for users of the package; the gateway turns it into what the client gets.
 */
export class KongRaise extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KongRaise'
  }
}
