import { Access, Field, Plugin, Rewrite, type PDK } from '@kong-ts/core'

/** Ends its events in every possible way. */
@Plugin('1.0.0', 1, { name: 'soak' })
export class SoakPlugin {
  @Field() note = 'none'

  @Access({ timeout: 0 })
  async access(kong: PDK): Promise<void> {
    const how = await kong.request.getHeader('x-how')
    if (how === 'exit') await kong.response.exit(403, { message: 'no' })
    if (how === 'throw') throw new Error('as asked')
    await kong.response.setHeader('x-done', how ?? '')
  }

  /** Always exceeds its deadline. */
  @Rewrite({ timeout: 5 })
  async rewrite(kong: PDK): Promise<void> {
    const { signal } = kong
    await kong.request.getHeader('x-how')
    await new Promise((_resolve, reject) => signal.addEventListener('abort', reject))
  }
}
