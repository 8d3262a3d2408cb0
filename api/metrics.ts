import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import { counts } from '../prisma/health.ts'
import type { Desk } from './desk.ts'
import type { Shell } from './shell.ts'
import type { Sockets } from './sockets.ts'

/** What the process tells Prometheus. */
export type Metrics = {
  readonly text: () => Promise<string>
  readonly contentType: string
  /** one citizen's message, from its arrival to the disk */
  readonly turn: (startedAt: number, outcome: 'stored' | 'repeated' | 'failed') => void
  readonly request: (method: string, route: string, status: number, seconds: number) => void
}

/** Above these a citizen, or a clerk, waits. */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** One registry a process; what the database knows is asked when Prometheus asks. */
export function createMetrics(shell: Shell, sockets: Sockets): Metrics {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const turns = new Counter({ name: 'bandecheng_turns_total', help: 'messages of citizens', labelNames: ['outcome'], registers })
  const turnSeconds = new Histogram({ name: 'bandecheng_turn_seconds', help: 'from the arrival of a message to the disk', buckets: seconds, registers })
  const requestSeconds = new Histogram({
    name: 'bandecheng_http_seconds',
    help: 'answered requests',
    labelNames: ['method', 'route', 'status'],
    buckets: seconds,
    registers,
  })
  new Gauge({
    name: 'bandecheng_sockets',
    help: 'open connections',
    registers,
    collect() {
      this.set(sockets.size())
    },
  })
  const stored = new Gauge({ name: 'bandecheng_stored', help: 'what stands in the database', labelNames: ['what'], registers })
  return {
    contentType: registry.contentType,
    text: async () => {
      for (const [what, count] of Object.entries(await counts(shell.db, shell.cipher, shell.now()))) stored.set({ what }, count)
      return registry.metrics()
    },
    turn: (startedAt, outcome) => {
      turns.inc({ outcome })
      turnSeconds.observe((performance.now() - startedAt) / 1_000)
    },
    request: (method, route, status, took) => requestSeconds.observe({ method, route, status }, took),
  }
}

/** The same desk, each message measured. */
export function measuredDesk(desk: Desk, { turn }: Metrics): Desk {
  return {
    ...desk,
    receive: async (message, also) => {
      const startedAt = performance.now()
      try {
        const received = await desk.receive(message, also)
        turn(startedAt, received.repeated ? 'repeated' : 'stored')
        return received
      } catch (fault) {
        turn(startedAt, 'failed')
        throw fault
      }
    },
  }
}
