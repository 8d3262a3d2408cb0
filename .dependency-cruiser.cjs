const folders = ['nlp', 'casework', 'channels', 'texts', 'bot', 'prisma', 'api', 'web']
// Who may import whom. Everything not listed is forbidden.
const may = {
  texts: [],
  nlp: [],
  channels: [],
  casework: ['texts'],
  bot: ['nlp', 'casework', 'channels/contract', 'texts'],
  prisma: ['nlp', 'casework', 'channels/contract', 'bot'],
  api: ['nlp', 'casework', 'channels', 'texts', 'bot', 'prisma'],
  web: ['texts', 'api/contract'],
}
const only = (folder, packages) => ({
  name: `${folder}-packages`,
  severity: 'error',
  comment: `${folder}/ may use only: ${packages.join(', ') || 'no package'}`,
  from: { path: `^${folder}/` },
  to: { dependencyTypes: ['npm', 'npm-dev', 'core'], pathNot: packages.map((p) => `(^|node_modules/)${p}(/|$)`).concat('^$') },
})
const alone = (pkg, file) => ({
  name: `${pkg}-only-in-${file}`,
  severity: 'error',
  from: { pathNot: [`^${file}`, '^tests/', '^tools/(?!sim)'] },
  to: { path: `node_modules/${pkg}/` },
})
module.exports = {
  forbidden: [
    { name: 'no-cycle', severity: 'error', from: {}, to: { circular: true } },
    ...Object.entries(may).map(([from, to]) => ({
      name: `${from}-imports`,
      severity: 'error',
      from: { path: `^${from}/` },
      to: { path: `^(${folders.join('|')})/`, pathNot: [`^${from}/`, ...to.map((t) => `^${t}(/|\\.)`)] },
    })),
    {
      name: 'simulators-know-nothing-of-the-product',
      severity: 'error',
      comment: 'a misreading of a platform in channels/ must be met by a refusal of its simulator, not by the same misreading',
      from: { path: '^tools/sim' },
      to: { path: `^(${folders.join('|')})/` },
    },
    only('casework', []),
    alone('botkit', 'bot/controller'),
    alone('botbuilder-core', 'bot/controller'),
    alone('natural', 'nlp/'),
    alone('node-cron', 'api/schedule'),
    alone('@prisma', 'prisma/'),
  ],
  options: {
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'generated|^dist/' },
  },
}
