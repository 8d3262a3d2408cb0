import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { configSchema } from '../../api/config.ts'

// What the program writes lies under data/ unless told otherwise, and data/ beside the program is neither writable there nor kept by an upgrade.
const written = Object.entries(configSchema.parse({})).flatMap(([name, value]) => (/^(file:)?data\//.test(String(value)) ? [name] : []))
/** May be lost: it is made again. */
const kept = written.filter((name) => name !== 'CACHE_DIR')

type Places = Readonly<Record<string, string>>
const placesIn = (text: string): Places => Object.fromEntries([...text.matchAll(/\b([A-Z][A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]))
const folderOf = (place = ''): string => place.replace(/^file:/, '')
const read = (file: string): string => readFileSync(file, 'utf8')

describe('what the program writes lies where it may write and where it outlives an upgrade', () => {
  test('as a service of systemd, in its state folder', () => {
    const unit = read('deploy/bandecheng.service')
    const places = placesIn(unit)

    expect(unit).toMatch(/^StateDirectory=bandecheng$/m)
    for (const name of written) expect(folderOf(places[name]), name).toMatch(/^\/var\/lib\/bandecheng\//)
  })

  test('as a container, in its volume', () => {
    const image = read('Dockerfile')
    const places = placesIn(image)

    expect(image).toMatch(/^VOLUME \/data$/m)
    for (const name of written) expect(folderOf(places[name]), name).toMatch(/^\/data\//)
  })

  test('as several containers, in one volume with a name that all of them share', () => {
    const { services, volumes } = parse(read('deploy/compose.yaml'))

    const volume = services.desk.volumes.find((one: string) => one.endsWith(':/data'))?.split(':')[0]
    expect(Object.keys(volumes)).toContain(volume)
  })
})

test('the nightly backup reads the database, the key and the files that the service writes', () => {
  const [service, backup] = [placesIn(read('deploy/bandecheng.service')), placesIn(read('deploy/bandecheng-backup.service'))]

  for (const name of kept) {
    expect(service[name], name).toBeDefined()
    expect(backup[name], name).toBe(service[name])
  }
})

test('a container keeps as little memory as the service', () => {
  const memory = (file: string) => Object.entries(placesIn(read(file))).filter(([name]) => name.startsWith('MALLOC_'))
  const heap = (file: string) => read(file).match(/--max-(?:semi|old)-space-size=\d+/g)

  expect(memory('deploy/bandecheng.service')).toHaveLength(3)
  expect(memory('Dockerfile')).toEqual(memory('deploy/bandecheng.service'))
  expect(heap('deploy/bandecheng.service')).toHaveLength(2)
  for (const file of ['Dockerfile', 'package.json']) expect(heap(file), file).toEqual(heap('deploy/bandecheng.service'))
})

describe('the example for Kubernetes', () => {
  const parts = parseAllDocuments(read('deploy/kubernetes.yaml')).map((one) => one.toJS())
  const part = (kind: string) => parts.find((one) => one.kind === kind)
  const { spec } = part('Deployment').spec.template
  const [desk] = spec.containers

  test('probes addresses that the program answers, and gives it the time that the service has to stop', () => {
    const routes = read('api/app.ts')
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) expect(routes).toContain(`app.get('${desk[probe].httpGet.path}'`)

    expect(read('deploy/bandecheng.service')).toContain(`TimeoutStopSec=${spec.terminationGracePeriodSeconds}`)
    expect(desk.ports[0].containerPort).toBe(configSchema.parse({}).PORT)
  })

  test('sets nothing that the program does not know, and writes no secret down', () => {
    for (const { name } of desk.env) expect(Object.keys(configSchema.shape)).toContain(name)

    expect(desk.env.map(({ name }: { name: string }) => name)).not.toEqual(expect.arrayContaining(['DATA_KEY']))
    expect(desk.envFrom).toEqual([{ secretRef: { name: 'bandecheng' } }])
  })

  test('runs as nobody, keeps what is written in the volume of the image, and always leaves one process', () => {
    expect(spec.securityContext.runAsNonRoot).toBe(true)
    expect(desk.volumeMounts.map((one: { mountPath: string }) => one.mountPath)).toContain('/data')
    expect(part('PersistentVolumeClaim').spec.accessModes).toEqual(['ReadWriteMany'])
    expect(part('PodDisruptionBudget').spec).toMatchObject({ minAvailable: 1, selector: part('Deployment').spec.selector })
  })
})
