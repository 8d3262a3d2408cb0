import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'
import { pageTitles } from './texts/citizen.ts'

const page = (name: string) => new URL(`web/${name}.html`, import.meta.url).pathname

/** Pages carry no words of their own: %name% in them is filled from texts/. */
const titles: Plugin = {
  name: 'page-titles',
  transformIndexHtml: (html) => html.replace(/%(\w+)%/g, (whole, name: string) => pageTitles[name as keyof typeof pageTitles] ?? whole),
}

// Three builds, so that the citizen's pages do not load the parts of Vue that only the console's components need.
export default defineConfig({
  root: 'web',
  plugins: [vue(), titles],
  build: {
    outDir: '../dist/web',
    emptyOutDir: false,
    // Phones of 2018 and the browsers inside WeChat on them.
    target: 'es2018',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  environments: {
    client: {
      define: { __VUE_OPTIONS_API__: 'false' },
      build: {
        emptyOutDir: true,
        rolldownOptions: {
          input: [page('index'), page('progress'), page('privacy'), page('public'), page('outside')],
          // One file for what pages share: browsers open six connections at a time, and on a slow line the seventh file waits for half a second.
          output: { codeSplitting: { groups: [{ name: 'common', minShareCount: 2 }] } },
        },
      },
    },
    // One file of its own under a name that never changes: foreign pages load it.
    widget: {
      consumer: 'client',
      build: {
        emptyOutDir: false,
        copyPublicDir: false,
        rolldownOptions: { input: new URL('web/widget/loader.ts', import.meta.url).pathname, output: { format: 'iife', entryFileNames: 'widget.js' } },
      },
    },
    console: {
      consumer: 'client',
      build: { emptyOutDir: false, rolldownOptions: { input: [page('console')] } },
    },
  },
  builder: {
    buildApp: async (builder) => {
      for (const environment of Object.values(builder.environments)) if (environment.config.consumer === 'client') await builder.build(environment)
    },
  },
  server: { proxy: { '/api': { target: 'http://127.0.0.1:3000', ws: true } } },
})
