// npm run newest, after npm run bundle: where the registry answers no audit, at least what the product ships and what reads from outside is compared with
// its newest release, and with the registry's notice that a release should no longer be used. What is behind is for a person to judge: docs/security.zh-CN.md.
import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Besides what package.json names itself: what reads requests, answers, files and rows. */
const facing =
  /^(find-my-way|fast-uri|fast-json-stringify|ajv|secure-json-parse|light-my-request|helmet|@fastify\/(send|proxy-addr|forwarded)|pg-protocol|pg-connection-string|unzipper|saxes|jszip|strnum|strtok3|token-types|fast-xml-builder|oauth4webapi|jose|qs|body-parser|express|path-to-regexp)$/
const folder = process.argv[2] ?? 'bundle'
const run = promisify(execFile)

/** Every package under a node_modules, once for each version. */
function packagesUnder(path, found = new Map()) {
  for (const one of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, one.name)
    if (one.isDirectory()) packagesUnder(inside, found)
    if (one.name !== 'package.json') continue
    const { name, version } = JSON.parse(readFileSync(inside, 'utf8'))
    if (name && version && inside.endsWith(join('node_modules', ...name.split('/'), 'package.json'))) found.set(`${name}@${version}`, { name, version })
  }
  return found
}

async function newest({ name, version }) {
  const { stdout } = await run('npm', ['view', `${name}@${version}`, 'deprecated', 'dist-tags.latest', '--json'])
  const answer = JSON.parse(stdout)
  return typeof answer === 'string' ? { name, version, latest: answer } : { name, version, latest: answer['dist-tags.latest'], deprecated: answer.deprecated }
}

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const shipped = [...packagesUnder(folder).values()]
const asked = shipped.filter(({ name }) => (name in dependencies && !dependencies[name].startsWith('file:')) || facing.test(name))
const rows = []
for (const one of asked.sort((a, b) => (a.name < b.name ? -1 : 1))) rows.push(await newest(one))
const told = rows.filter(({ version, latest, deprecated }) => version !== latest || deprecated)
process.stdout.write(`${shipped.length} packages shipped, ${rows.length} compared, ${rows.length - told.length} at their newest release\n`)
for (const { name, version, latest, deprecated } of told)
  process.stdout.write(`${name} ${version} -> ${latest}${deprecated ? ` (deprecated: ${deprecated})` : ''}\n`)
