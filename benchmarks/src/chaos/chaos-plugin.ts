import { Access, Field, Plugin, type PDK } from '@kong-ts/core'

/** Guards the service, and fails in many ways. */
@Plugin('1.0.0', 1000, { name: 'chaos' })
export class ChaosPlugin {
  @Field() note = 'none'

  @Access({ timeout: 600 })
  async access(kong: PDK): Promise<void> {
    const id = await kong.request.getHeader('x-id')
    // The test reads this line in the gateway's log: a live server handles this request.
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
