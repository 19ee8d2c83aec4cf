import { describe, expect, it } from 'vitest'
import { Access, Log, PDK, PdkPhaseError, Plugin, injectable, singleton } from '@kong-ts/core'
import {
  EventRun,
  buildPluginDefinition,
  createPluginContainer,
  startPluginInstance,
  type EventCarrier,
  type PhaseDefinition,
  type PhaseOutcome,
  type PluginInstance,
} from '@kong-ts/core/server'

@singleton()
class Audit {
  constructor(private readonly kong: PDK) {}

  /** Deep in the graph, and after other events have had their turn. */
  async note(text: string): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    await this.kong.response.setHeader('x-audit', text)
  }
}

@injectable()
class Greeting {
  constructor(private readonly audit: Audit) {}

  async greet(host: string | undefined): Promise<void> {
    await this.audit.note(`hello ${host}`)
  }
}

@Plugin('1.0.0', 1)
class Injected {
  constructor(
    private readonly kong: PDK,
    private readonly greeting: Greeting,
  ) {}

  @Access()
  async access(): Promise<void> {
    const host = await this.kong.request.getHeader('host')
    await this.greeting.greet(host)
  }

  @Log()
  async log(): Promise<void> {
    await this.kong.request.getPath()
  }

  outside(): Promise<unknown> {
    return this.kong.request.getHeader('host')
  }
}

/** Answers each call of one event later, in its own time. */
class AnsweringCarrier implements EventCarrier {
  readonly sent: string[] = []
  #event: EventRun | undefined
  ended: (outcome: PhaseOutcome) => void = () => undefined

  constructor(private readonly host: string) {}

  run(instance: PluginInstance, phase: PhaseDefinition): Promise<PhaseOutcome> {
    const event = new EventRun(phase, this)
    this.#event = event
    return new Promise((resolve) => {
      this.ended = resolve
      event.start(instance)
    })
  }

  send(method: string, args: readonly unknown[]): void {
    this.sent.push(`${method}(${args.join(', ')})`)
    setTimeout(() => this.#event?.answer(method === 'kong.request.get_header' ? this.host : undefined), Math.random() * 5)
  }
}

async function start(): Promise<PluginInstance> {
  return startPluginInstance(buildPluginDefinition(Injected), '{}', createPluginContainer())
}

async function run(instance: PluginInstance, phase: 'access' | 'log', carrier: AnsweringCarrier): Promise<PhaseOutcome> {
  const definition = instance.definition.phases.get(phase)
  if (definition === undefined) throw new Error(`no ${phase}`)
  return carrier.run(instance, definition)
}

describe('an injected PDK', () => {
  it('is the one of the current event, in the plugin and deep in its services, for 100 events at once', async () => {
    const instance = await start()
    const carriers = Array.from({ length: 100 }, (_, index) => new AnsweringCarrier(`host-${index}`))
    await Promise.all(carriers.map((carrier) => run(instance, 'access', carrier)))
    carriers.forEach(({ sent }, index) => {
      expect(sent).toEqual(['kong.request.get_header(host)', `kong.response.set_header(x-audit, hello host-${index})`])
    })
  })

  it('knows the phase of the current event, and refuses what Kong would raise on', async () => {
    const carrier = new AnsweringCarrier('h')
    const outcome = await run(await start(), 'log', carrier)
    expect(outcome).toMatchObject({ kind: 'failed', error: expect.any(PdkPhaseError) as object })
    expect(carrier.sent).toEqual([])
  })

  it('says outside of an event that there is none', async () => {
    const { plugin } = await start()
    await expect((plugin as Injected).outside()).rejects.toMatchObject({ code: 'ERR_NO_CURRENT_EVENT' })
  })

  it('costs nothing where nothing injects it', async () => {
    @Plugin('1.0.0', 1)
    class Plain {
      @Log() log() {}
    }
    const instance = await startPluginInstance(buildPluginDefinition(Plain), '{}', createPluginContainer())
    expect(instance.ambientPdk).toBeUndefined()
  })
})
