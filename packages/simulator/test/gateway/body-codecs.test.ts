import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteReader } from '../../src/gateway/net/byte-reader.js'
import { chunkOf, LAST_CHUNK, ChunkedBody } from '../../src/gateway/http/chunked-coding.js'
import { FullBuffers } from '../../src/gateway/http/pass-body.js'
import { readWholeBody } from '../../src/gateway/http/body-pieces.js'

const bytes = fc.uint8Array({ maxLength: 300 }).map((array) => Buffer.from(array))

const splits = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 12 })

/** A body whose bytes come in parts of these sizes. */
function arriving(wire: Buffer, sizes: readonly number[]): ChunkedBody {
  const stream = new PassThrough()
  const send = async (): Promise<void> => {
    let from = 0
    for (const size of sizes) {
      stream.write(wire.subarray(from, from + size))
      from += size
      await new Promise((resolve) => setImmediate(resolve))
    }
    stream.end(wire.subarray(from))
  }
  void send()
  return new ChunkedBody(new ByteReader(stream))
}

describe('chunks', () => {
  it('give the body back however they are split on the way, and every byte is counted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 8 }), splits, async (pieces, sizes) => {
        const wire = Buffer.concat([...pieces.flatMap(chunkOf), LAST_CHUNK])
        const body = arriving(wire, sizes)
        expect(await readWholeBody(body, 5000, Infinity)).toEqual({ bytes: Buffer.concat(pieces), end: 'complete' })
        expect(body.wireBytes).toBe(wire.length)
      }),
      { numRuns: 60 },
    )
  })

  it('that break off anywhere are never taken for whole', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 4 }), fc.nat(), async (pieces, cut) => {
        const wire = Buffer.concat([...pieces.flatMap(chunkOf), LAST_CHUNK])
        const { end } = await readWholeBody(arriving(wire.subarray(0, cut % wire.length), []), 5000, Infinity)
        expect(end).toBe('ended')
      }),
      { numRuns: 60 },
    )
  })

  it('that are any other bytes end, as malformed unless they happen to be chunks', async () => {
    await fc.assert(
      fc.asyncProperty(bytes, async (wire) => {
        const { end } = await readWholeBody(arriving(wire, []), 5000, Infinity)
        expect(['malformed', 'ended', 'complete']).toContain(end)
      }),
      { numRuns: 60 },
    )
  })

  it('larger than may be held are given up', async () => {
    const { end } = await readWholeBody(arriving(Buffer.concat([...chunkOf(Buffer.alloc(100)), LAST_CHUNK]), []), 5000, 99)
    expect(end).toBe('too-large')
  })
})

it('nginx’s buffers lose nothing, change no order, and let go what fills them', () => {
  fc.assert(
    fc.property(fc.nat(5000), fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 8 }), (headLength, arrays) => {
      const pieces = arrays.map((array) => Buffer.from(array))
      const buffers = new FullBuffers(headLength)
      const first = 4096 - (headLength % 4096)
      let came = 0
      let out = Buffer.alloc(0)
      for (const piece of pieces) {
        came += piece.length
        out = Buffer.concat([out, buffers.add(piece)])
        expect(out.length).toBe(came < first ? 0 : first + Math.floor((came - first) / 4096) * 4096)
      }
      expect(Buffer.concat([out, buffers.rest()]).equals(Buffer.concat(pieces))).toBe(true)
    }),
    { numRuns: 100 },
  )
})
