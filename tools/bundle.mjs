// npm run bundle [-- --without-node]: one archive in bundle/ that holds the built product, only those files of its dependencies that it loads, and the
// Node that runs it: to be carried to a server that reaches no registry, of the same operating system and processor as this machine.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { nodeFileTrace } from '@vercel/nft'

const product = JSON.parse(readFileSync('package.json', 'utf8'))
const name = `bandecheng-${product.version}-${process.platform}-${process.arch}`
const folder = join('bundle', name)
const withNode = !process.argv.includes('--without-node')

const filesUnder = (path) =>
  readdirSync(path, { withFileTypes: true }).flatMap((one) => (one.isDirectory() ? filesUnder(join(path, one.name)) : [join(path, one.name)]))

execFileSync(process.execPath, ['tools/build.mjs', '--if-stale'], { stdio: 'inherit' })
rmSync(folder, { recursive: true, force: true })
mkdirSync(folder, { recursive: true })

// Skills, ledgers and channels are found by name at run time, so every built file is an entry.
const built = filesUnder('dist').filter((file) => !file.endsWith('.map') && !file.endsWith('.tsbuildinfo'))
const entries = built.filter((file) => file.endsWith('.js') && !file.startsWith(join('dist', 'web')))
// What a package offers to this Node and what it offers to an older one: both, as Node may be the server's own.
const traces = await Promise.all([['node'], ['node', 'module-sync']].map((conditions) => nodeFileTrace(entries, { conditions })))
const carried = [...new Set(traces.flatMap(({ fileList }) => [...fileList]))].filter(
  (file) => file.startsWith('node_modules') || file.startsWith(join('tools', 'stubs')),
)
const seed = ['prisma/migrations', 'prisma/seed'].flatMap(filesUnder).filter((file) => !file.endsWith('.ts'))
const papers = ['LICENSE', 'README.md', 'README.zh-CN.md', 'CHANGELOG.md', '.env.example', ...filesUnder('docs'), ...filesUnder('deploy')]
for (const file of [...built, ...carried, ...seed, ...papers]) {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  cpSync(file, join(folder, file), { dereference: false })
}
if (withNode) {
  mkdirSync(join(folder, 'bin'))
  cpSync(process.execPath, join(folder, 'bin', 'node'), { dereference: true })
  chmodSync(join(folder, 'bin', 'node'), 0o755)
}
const commands = Object.fromEntries(Object.entries(product.scripts).filter(([, script]) => /^node (--\S+ )*dist\//.test(script)))
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ name: product.name, version: product.version, type: product.type, engines: product.engines, scripts: commands }, null, 2)}\n`,
)
writeFileSync(
  join(folder, 'sbom.json'),
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx', '--omit', 'dev', '--package-lock-only'], {
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
)

const archive = `${folder}.tar.gz`
execFileSync('tar', ['-czf', archive, '-C', 'bundle', name])
const sha256 = createHash('sha256').update(readFileSync(archive)).digest('hex')
writeFileSync(`${archive}.sha256`, `${sha256}  ${name}.tar.gz\n`)
const size = (path) => `${execFileSync('du', ['-sm', path], { encoding: 'utf8' }).split('\t')[0]} MB`
process.stdout.write(`${archive} (${size(archive)}, unpacked ${size(folder)}, of it dependencies ${size(join(folder, 'node_modules'))})\n`)
