import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { interfaces, openapi as words } from '../texts/openapi.ts'
import { statusOf } from './problems.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** what the route parses its body with; described in /api/openapi.json */
    body?: z.ZodType
    query?: z.ZodType
  }
}

export type Route = { readonly method: string; readonly url: string; readonly body?: z.ZodType | undefined; readonly query?: z.ZodType | undefined }

/** Notes every route of /api that is registered after it, so that description and access table cannot fall behind the code. */
export function noteRoutes(app: FastifyInstance): readonly Route[] {
  const routes: Route[] = []
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method === 'HEAD' || !url.startsWith('/api/')) return
    for (const one of [method].flat()) routes.push({ method: one, url, body: config?.body, query: config?.query })
  })
  return routes
}

/** The OpenAPI 3.1 description of the running program. */
export function describe(routes: readonly Route[], version: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const route of routes) {
    const path = route.url.replace(/:(\w+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) }
  }
  const problem = { type: 'object', required: ['code', 'message'], properties: { code: { enum: Object.keys(statusOf) }, message: { type: 'string' } } }
  return {
    openapi: '3.1.0',
    info: { title: words.title, version, description: words.description },
    paths,
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        staff: { type: 'apiKey', in: 'cookie', name: 'bdc_staff' },
        partner: { type: 'apiKey', in: 'header', name: 'X-Bandecheng-Signature', description: words.partner },
        visitor: { type: 'apiKey', in: 'cookie', name: 'bdc_visitor' },
      },
    },
  }
}

function operation({ method, url, body, query }: Route): object {
  const places = [...url.matchAll(/:(\w+)/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))
  return {
    summary: interfaces[`${method} ${url}`] ?? '',
    ...securityOf(url),
    parameters: [...places, ...(query ? [{ name: 'query', in: 'query', style: 'form', explode: true, schema: schemaOf(query) }] : [])],
    ...(body ? { requestBody: { required: true, content: { 'application/json': { schema: schemaOf(body) } } } } : {}),
    responses: {
      '200': { description: words.ok },
      default: { description: words.problem, content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } },
    },
  }
}

const schemaOf = (schema: z.ZodType): object => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })

function securityOf(url: string): { security?: readonly object[] } {
  if (url.startsWith('/api/staff/login') || url.startsWith('/api/staff/sign-on')) return {}
  if (url.startsWith('/api/staff/')) return { security: [{ staff: [] }] }
  if (url.startsWith('/api/partner/')) return { security: [{ partner: [] }] }
  return url.startsWith('/api/chat') ? { security: [{ visitor: [] }] } : {}
}
