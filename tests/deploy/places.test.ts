import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
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

describe('the nightly backup ends with the removal of backups that are two weeks old', () => {
  let folder = ''
  const aBackup = (name: string, daysAgo: number) => {
    const path = join(folder, name)
    mkdirSync(path)
    writeFileSync(join(path, 'Ticket.jsonl'), '')
    utimesSync(path, new Date(), new Date(Date.now() - daysAgo * 86_400_000))
  }
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bandecheng-backups-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  test.each(['deploy/bandecheng-backup.service', 'deploy/kubernetes.yaml'])('%s', (file) => {
    const [, prune = '', place = ''] = read(file).match(/(?:&& |ExecStartPost=)((?:\/usr\/bin\/)?find (\S+) .*\{\} \+)/) ?? []
    aBackup('bandecheng-2026-11-14-023001', 15)
    aBackup('bandecheng-2026-11-16-023001', 13)
    aBackup('bandecheng-2026-11-29-023001', 0)
    aBackup('something-else', 400)

    execFileSync('sh', ['-c', prune.replace(place, folder)])

    expect(read(file)).toContain(`dist/api/commands/backup.js ${place}`)
    expect(readdirSync(folder).sort()).toEqual(['bandecheng-2026-11-16-023001', 'bandecheng-2026-11-29-023001', 'something-else'])
  })
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

  test('leaves the program room beyond the heap at which it collects hard', () => {
    const [, heapMi = 0] = read('Dockerfile').match(/--max-old-space-size=(\d+)/) ?? []
    const [, limitMi = 0] = desk.resources.limits.memory.match(/^(\d+)Mi$/) ?? []

    expect(Number(limitMi)).toBeGreaterThanOrEqual(1.5 * Number(heapMi))
  })

  test('writes the backups into a volume of their own, which the desk does not have', () => {
    const job = part('CronJob').spec.jobTemplate.spec.template.spec
    const claims = parts.filter((one) => one.kind === 'PersistentVolumeClaim').map((one) => one.metadata.name)
    const claimAt = (path: string) => {
      const { name } = job.containers[0].volumeMounts.find((one: { mountPath: string }) => one.mountPath === path)
      return job.volumes.find((one: { name: string }) => one.name === name).persistentVolumeClaim.claimName
    }

    expect(job.containers[0].command.join(' ')).toContain('backup.js /backups ')
    expect(claims).toEqual([claimAt('/data'), claimAt('/backups')])
    expect(JSON.stringify(spec.volumes)).not.toContain(claimAt('/backups'))
  })

  test('is reached by https under the address that it is told', () => {
    const origin = new URL(desk.env.find((one: { name: string }) => one.name === 'PUBLIC_ORIGIN').value)
    const ingress = part('Ingress').spec

    expect(origin.protocol).toBe('https:')
    expect(ingress.rules[0].host).toBe(origin.hostname)
    expect(ingress.tls).toEqual([{ hosts: [origin.hostname], secretName: expect.any(String) }])
  })
})
