import { existsSync, readFileSync } from 'node:fs'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import fastifyStatic from '@fastify/static'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, type FastifyRequest, LogController } from 'fastify'
import { projectFile } from '../prisma/root.ts'
import { problems } from '../texts/api.ts'
import type { Config } from './config.ts'
import { createDesk } from './desk.ts'
import { followNames } from './follow.ts'
import { createMetrics, measuredDesk } from './metrics.ts'
import { describe, noteRoutes } from './openapi.ts'
import { answerProblems, ProblemError } from './problems.ts'
import { accountRoutes } from './routes/account.ts'
import { alikeRoutes } from './routes/alike.ts'
import { caseRoutes } from './routes/case.ts'
import { channelRoutes } from './routes/channels.ts'
import { chatRoutes } from './routes/chat.ts'
import { conversationRoutes } from './routes/conversations.ts'
import { dashboardRoutes } from './routes/dashboard.ts'
import { deskRoutes } from './routes/desk.ts'
import { deskFileRoutes } from './routes/deskfiles.ts'
import { documentRoutes } from './routes/documents.ts'
import { exchangeRoutes } from './routes/exchange.ts'
import { figureRoutes } from './routes/figures.ts'
import { fileRoutes } from './routes/files.ts'
import { guideRoutes } from './routes/guides.ts'
import { handleRoutes } from './routes/handles.ts'
import { improvementRoutes } from './routes/improvements.ts'
import { keepRoutes } from './routes/keep.ts'
import { ledgerRoutes } from './routes/ledgers.ts'
import { liveRoutes } from './routes/live.ts'
import { metricsRoute } from './routes/metrics.ts'
import { mineRoutes } from './routes/mine.ts'
import { missedRoutes } from './routes/missed.ts'
import { deskNoteRoutes } from './routes/notes.ts'
import { open311Routes } from './routes/open311.ts'
import { outsideRoutes } from './routes/outside.ts'
import { paperRoutes } from './routes/papers.ts'
import { partnerRoutes } from './routes/partners.ts'
import { publicRoutes } from './routes/public.ts'
import { resumeRoutes } from './routes/resume.ts'
import { ruleRoutes } from './routes/rules.ts'
import { signOnRoutes } from './routes/signon.ts'
import { staffRoutes } from './routes/staff.ts'
import { textRoutes } from './routes/texts.ts'
import { ticketRoutes } from './routes/tickets.ts'
import { webhookRoutes } from './routes/webhooks.ts'
import type { Server } from './server.ts'
import type { Shell } from './shell.ts'
import { createSockets } from './sockets.ts'
import { createSigner, createVisitorTokens } from './tokens.ts'

/** The largest chat frame: 2,000 characters of Chinese, the key, and room for escapes. */
const largestFrame = 16 * 1024
const largestBody = 256 * 1024

const { version } = JSON.parse(readFileSync(projectFile('package.json'), 'utf8')) as { version: string }

/** The HTTP side of the process; it does not listen by itself, so that tests can inject. */
export async function createApp(shell: Shell & { readonly names: Map<string, string> }, config: Config): Promise<FastifyInstance> {
  const loggerInstance: FastifyBaseLogger = shell.log
  const app = Fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: config.TRUST_PROXY > 0 && ((_address, hop) => hop < config.TRUST_PROXY),
    bodyLimit: largestBody,
    forceCloseConnections: true,
  })
  const sockets = createSockets({ most: config.MAX_SOCKETS, perAddress: config.SOCKETS_PER_ADDRESS })
  const metrics = config.METRICS_TOKEN === undefined ? undefined : createMetrics(shell, sockets)
  const refreshNames = async (): Promise<void> => void (await followNames(shell))
  await refreshNames()
  const server: Server = {
    shell,
    config,
    sockets,
    refreshNames,
    version,
    desk: metrics ? measuredDesk(createDesk(shell), metrics) : createDesk(shell),
    visitors: createVisitorTokens(config.dataKey),
    links: createSigner(config.dataKey, 'file links'),
    passes: createSigner(config.dataKey, 'case passes'),
    secure: (request) => (config.PUBLIC_ORIGIN ?? `${request.protocol}://`).startsWith('https:'),
  }
  const routes = noteRoutes(app)
  answerProblems(app)
  await app.register(cookie)
  await app.register(helmet, {
    // Everything comes from this origin; the widget alone may be framed, and says so on its own page.
    contentSecurityPolicy: { directives: policyOf([]) },
    strictTransportSecurity: config.PUBLIC_ORIGIN?.startsWith('https:') ?? false,
    crossOriginOpenerPolicy: false,
  })
  await app.register(rateLimit, { global: true, max: config.RATE_LIMIT, timeWindow: '1 minute' })
  await app.register(websocket, { options: { maxPayload: largestFrame }, preClose: (done) => void sockets.close().then(() => done()) })
  app.addHook('onRequest', async (request) => {
    if (!fromHere(request, config)) throw new ProblemError('forbiddenOrigin', problems.forbiddenOrigin)
  })
  app.get('/health/live', async () => ({ status: 'ok' }))
  app.get('/health/ready', async () => {
    await shell.db.read.all('SELECT 1')
    return { status: 'ok' }
  })
  if (metrics && config.METRICS_TOKEN) metricsRoute(app, metrics, config.METRICS_TOKEN)
  for (const routes of [
    publicRoutes,
    chatRoutes,
    fileRoutes,
    deskFileRoutes,
    caseRoutes,
    mineRoutes,
    resumeRoutes,
    figureRoutes,
    channelRoutes,
    partnerRoutes,
    open311Routes,
    staffRoutes,
    accountRoutes,
    handleRoutes,
    signOnRoutes,
    conversationRoutes,
    deskNoteRoutes,
    ticketRoutes,
    textRoutes,
    alikeRoutes,
    deskRoutes,
    liveRoutes,
    dashboardRoutes,
    keepRoutes,
    ledgerRoutes,
    paperRoutes,
    ruleRoutes,
    improvementRoutes,
    outsideRoutes,
    documentRoutes,
    guideRoutes,
    missedRoutes,
    webhookRoutes,
    exchangeRoutes,
  ])
    routes(app, server)
  app.get('/api/openapi.json', async () => describe(routes, version))
  await servePages(app, config)
  return app
}

/**
 * Cookies are sent along by browsers from foreign pages too (SameSite=Strict is the first guard, this is the second): what changes
 * something, and every socket, must come from this origin. Programs that are no browsers send no Origin and carry no one's cookies.
 */
function fromHere(request: FastifyRequest, config: Config): boolean {
  const { origin, upgrade } = request.headers
  if (request.method === 'GET' && !upgrade) return true
  const staffWrite = request.method !== 'GET' && request.url.startsWith('/api/staff/')
  if (staffWrite && request.headers['x-bandecheng'] !== '1') return false
  if (origin === undefined) return true
  return origin === config.PUBLIC_ORIGIN || URL.parse(origin)?.host === request.host
}

/** `sites` may frame the page, besides our own. */
const policyOf = (sites: readonly string[]) => ({
  defaultSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'", 'data:', 'blob:'],
  connectSrc: ["'self'", 'ws:', 'wss:'],
  frameAncestors: ["'self'", ...sites],
  upgradeInsecureRequests: null,
})

async function servePages(app: FastifyInstance, { WIDGET_SITES }: Config): Promise<void> {
  const root = projectFile('dist', 'web')
  if (!existsSync(root)) return app.log.warn('no built pages: run npm run build')
  await app.register(fastifyStatic, {
    root,
    index: false,
    immutable: true,
    maxAge: '365d',
    preCompressed: true,
    setHeaders: (reply, sent) => {
      const path = sent.replace(/\.(br|gz)$/, '')
      if (path.endsWith('.html')) reply.header('cache-control', 'no-cache')
      // Foreign pages load it by this one name: it must be found anew after an upgrade, and from everywhere.
      if (path.endsWith('widget.js')) reply.header('cache-control', 'public, max-age=600').header('cross-origin-resource-policy', 'cross-origin')
    },
  })
  const page = (file: string) => async (_request: FastifyRequest, reply: { sendFile: (name: string) => unknown }) => reply.sendFile(file)
  app.get('/', page('index.html'))
  const sites = WIDGET_SITES.split(/\s+/).filter(Boolean)
  const framed = { helmet: { frameguard: false as const, contentSecurityPolicy: { directives: policyOf(sites) } } }
  app.get('/widget', framed, page('index.html'))
  app.get('/widget/privacy', framed, page('privacy.html'))
  app.get('/widget/progress', framed, page('progress.html'))
  app.get('/privacy', page('privacy.html'))
  app.get('/public', page('public.html'))
  app.get('/progress', page('progress.html'))
  app.get('/outside', page('outside.html'))
  app.get('/console', page('console.html'))
  app.get('/console/*', page('console.html'))
}
