// Builds dist/ (server, pages). `--if-stale` returns at once when no source is newer than the last build, so that `npm start` is quick.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'

const stamp = 'dist/.built'
const sources = ['api', 'bot', 'casework', 'channels', 'nlp', 'prisma', 'texts', 'web', 'package-lock.json', 'tsconfig.build.json', 'vite.config.ts']

const newest = (path) =>
  statSync(path).isDirectory()
    ? Math.max(
        0,
        ...readdirSync(path)
          .filter((name) => name !== 'generated')
          .map((name) => newest(join(path, name))),
      )
    : statSync(path).mtimeMs

/** Compressed once here rather than for every reader: on a slow line it is half the wait. */
function compress(folder) {
  for (const one of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!one.isFile() || !/\.(js|css|html|svg)$/.test(one.name)) continue
    const file = join(one.parentPath ?? one.path, one.name)
    const text = readFileSync(file)
    writeFileSync(`${file}.br`, brotliCompressSync(text))
    writeFileSync(`${file}.gz`, gzipSync(text, { level: 9 }))
  }
}

const isFresh = () => existsSync(stamp) && Math.max(...sources.filter(existsSync).map(newest)) < statSync(stamp).mtimeMs

if (!process.argv.includes('--if-stale') || !isFresh()) {
  const run = (...command) => execFileSync(process.execPath, command, { stdio: 'inherit' })
  run('tools/generate.mjs')
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  run('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn')
  compress('dist/web')
  writeFileSync(stamp, '')
}
