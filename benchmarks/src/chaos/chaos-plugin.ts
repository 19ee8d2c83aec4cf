import { Access, Field, Plugin, type PDK } from '@kong-ts/core'

/** Guards what is behind it, and fails in many ways while it does. */
@Plugin('1.0.0', 1000, { name: 'chaos' })
export class ChaosPlugin {
  @Field() note = 'none'

  @Access({ timeout: 600 })
  async access(kong: PDK): Promise<void> {
    const id = await kong.request.getHeader('x-id')
    // Seen by the test through the gateway's log: a live server has this request in hand.
    process.stdout.write(`handling ${id}\n`)
    const how = await kong.request.getHeader('x-how')
    switch (how) {
      case 'deny':
        await kong.response.exit(403, { denied: id })
        break
      case 'throw':
        throw new Error('as asked')
      case 'unawaited':
        void kong.response.setStatus(99_999)
        break
      case 'hang':
        await new Promise(() => undefined)
        break
      case 'slow':
        await new Promise((resolve) => setTimeout(resolve, 30 + Math.random() * 200))
        break
    }
    await kong.service.request.setHeader('x-guarded', id ?? '')
    await kong.response.setHeader('x-guarded', id ?? '')
  }
}
