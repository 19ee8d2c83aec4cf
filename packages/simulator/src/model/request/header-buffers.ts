/** `client_header_buffer_size`. */
const FIRST_BUFFER = 1024
/** `large_client_header_buffers`. */
const LARGE_BUFFERS = 4
const LARGE_BUFFER = 8192

/** What part of a head nginx has no buffer for. */
export type HeadOverflow = 'request-line' | 'headers'

/**
 * Puts the lines of a head into nginx's buffers: a line lies in one of them as a whole.
 * @param lengths bytes of the request line and the header lines, line ends included; the last may be unfinished.
 */
export function headOverflow(lengths: readonly number[]): HeadOverflow | undefined {
  let room = FIRST_BUFFER
  let large = 0
  for (const [index, length] of lengths.entries()) {
    if (length > room) {
      large++
      room = LARGE_BUFFER
    }
    if (length > room || large > LARGE_BUFFERS) return index === 0 ? 'request-line' : 'headers'
    room -= length
  }
  return undefined
}
