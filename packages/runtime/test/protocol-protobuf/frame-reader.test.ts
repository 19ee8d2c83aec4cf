import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProtocolError } from '@kong-ts/runtime'
import { createCounters } from '../../src/metrics/counters.js'
import { BufferBudget } from '../../src/wire/byte-queue.js'
import { FrameReader } from '../../src/protocol-protobuf/frame-reader.js'
import { frame } from '../protobuf-kong-client.js'

function createReader(limit = 1000, buffered = 1_000_000) {
  const counters = createCounters()
  return { counters, reader: new FrameReader(limit, new BufferBudget(buffered, counters)) }
}

/** What a reader makes of reads, as text; `error` where a frame is refused. */
function framesOf(reader: FrameReader, reads: readonly Buffer[]): string[] {
  const frames: string[] = []
  for (const read of reads) {
    const overwritten = Buffer.from(read)
    reader.open(overwritten)
    for (let found = reader.next(); found !== undefined; found = reader.next())
      frames.push(found instanceof ProtocolError ? 'error' : found.toString('hex'))
    reader.close()
    overwritten.fill(0xff)
  }
  return frames
}

describe('frames', () => {
  it('are found however they are split and glued', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1 }),
        (contents, cuts) => {
          const { reader, counters } = createReader()
          const bytes = Buffer.concat(contents.map(frame))
          const reads: Buffer[] = []
          for (let at = 0, cut = 0; at < bytes.length; cut++) {
            const length = cuts[cut % cuts.length] ?? 1
            reads.push(bytes.subarray(at, at + length))
            at += length
          }
          expect(framesOf(reader, reads)).toEqual(contents.map((content) => Buffer.from(content).toString('hex')))
          reader.release()
          expect(counters.bufferedBytes).toBe(0)
        },
      ),
    )
  })

  it('of more than the limit are read over without being kept, and what follows is found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1001, max: 5000 }), fc.integer({ min: 1, max: 5000 }), (length, cut) => {
        const { reader, counters } = createReader()
        const bytes = Buffer.concat([frame(Buffer.alloc(length)), frame(Buffer.of(7))])
        expect(framesOf(reader, [bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['error', '07'])
        // At most what one read brought behind a length that was split.
        expect(counters.bufferedBytes).toBeLessThanOrEqual(8192)
      }),
    )
  })

  it('for which there is no memory are read over too', () => {
    const { reader, counters } = createReader(100_000, 10_000)
    const bytes = Buffer.concat([frame(Buffer.alloc(50_000)), frame(Buffer.of(7))])
    const reads = Array.from({ length: 60 }, (_, index) => bytes.subarray(index * 1000, (index + 1) * 1000)).filter(
      ({ length }) => length > 0,
    )
    expect(framesOf(reader, reads)).toEqual(['error', '07'])
    expect(counters.bufferedBytes).toBeLessThanOrEqual(10_000)
  })

  it('that are glued to one for which there is no memory are found', () => {
    fc.assert(
      fc.property(fc.integer({ min: 8193, max: 9500 }), fc.integer({ min: 1, max: 4000 }), (length, cut) => {
        const { reader } = createReader(100_000, 10_000)
        const bytes = Buffer.concat([frame(Buffer.alloc(length)), frame(Buffer.of(7)), frame(Buffer.of(8))])
        const reads = Array.from({ length: Math.ceil(bytes.length / cut) }, (_, index) => bytes.subarray(index * cut, (index + 1) * cut))
        expect(framesOf(reader, reads).slice(1)).toEqual(['07', '08'])
      }),
    )
  })

  it('announced with four gigabytes allocate nothing', () => {
    const { reader, counters } = createReader()
    expect(framesOf(reader, [Buffer.of(0xff, 0xff, 0xff, 0xff), Buffer.alloc(10_000)])).toEqual([])
    expect(counters.bufferedBytes).toBe(0)
  })
})
