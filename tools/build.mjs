// Builds dist/ (server, pages). `--if-stale` returns at once when no source is newer than the last build, so that `npm start` is quick.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

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

const isFresh = () => existsSync(stamp) && Math.max(...sources.filter(existsSync).map(newest)) < statSync(stamp).mtimeMs

if (!process.argv.includes('--if-stale') || !isFresh()) {
  const run = (...command) => execFileSync(process.execPath, command, { stdio: 'inherit' })
  run('tools/generate.mjs')
  run('node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json')
  run('node_modules/vite/bin/vite.js', 'build', '--logLevel', 'warn')
  writeFileSync(stamp, '')
}
