// The product's server for tools/bench.ts: answers over IPC how much heap it holds after a collection.
process.on('message', () => {
  globalThis.gc?.()
  process.send?.(process.memoryUsage().heapUsed)
})
await import('../dist/api/main.js')
