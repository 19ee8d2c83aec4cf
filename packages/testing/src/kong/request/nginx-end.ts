/** nginx ended the request inside a call: with a status, or undefined when the client never sent what was waited for. */
export class NginxEnd extends Error {
  override readonly name = 'NginxEnd'

  constructor(readonly status: number | undefined) {
    super(`nginx ended the request (${status ?? 'client gone'})`)
  }
}
