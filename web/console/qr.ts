// QR code after ISO/IEC 18004: byte mode, error correction M, versions 1 to 10 (up to 213 bytes), which is plenty for an address.
const eccPerBlock = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26]
const blocksOf = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5]
const quietZone = 4

type Grid = { readonly size: number; readonly dark: boolean[][]; readonly fixed: boolean[][] }

/** The code as one SVG path over a square of `size` modules, quiet zone included. @throws RangeError for a text that is too long */
export function qrPath(text: string): { readonly size: number; readonly path: string } {
  const bytes = [...new TextEncoder().encode(text)]
  const version = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].find((one) => bytes.length <= capacity(one) - (one < 10 ? 2 : 3))
  if (version === undefined) throw new RangeError('text too long for a QR code of version 10')
  const grid = emptyGrid(version)
  placePatterns(grid, version)
  placeData(grid, interleave(dataWords(bytes, version), version))
  const masked = masks.map((mask, index) => withMask(grid, mask, index)).sort((a, b) => penalty(a) - penalty(b))[0] ?? []
  const path = masked.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x + quietZone} ${y + quietZone}h1v1h-1z`] : []))).join('')
  return { size: grid.size + 2 * quietZone, path }
}

const at = (list: readonly number[], index: number): number => list[index] ?? 0

function allWords(version: number): number {
  const aligned = version < 2 ? 0 : Math.floor(version / 7) + 2
  const modules = (16 * version + 128) * version + 64 - (aligned ? (25 * aligned - 10) * aligned - 55 : 0) - (version < 7 ? 0 : 36)
  return modules >> 3
}
const capacity = (version: number): number => allWords(version) - at(eccPerBlock, version - 1) * at(blocksOf, version - 1)

function dataWords(bytes: readonly number[], version: number): number[] {
  const bits: number[] = []
  const put = (value: number, length: number) => {
    for (let shift = length - 1; shift >= 0; shift -= 1) bits.push((value >> shift) & 1)
  }
  put(0b0100, 4)
  put(bytes.length, version < 10 ? 8 : 16)
  for (const byte of bytes) put(byte, 8)
  const room = capacity(version) * 8
  put(0, Math.min(4, room - bits.length))
  put(0, (8 - (bits.length % 8)) % 8)
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8)
  return Array.from({ length: bits.length / 8 }, (_, word) => bits.slice(word * 8, word * 8 + 8).reduce((value, bit) => value * 2 + bit, 0))
}

function multiply(x: number, y: number): number {
  let product = 0
  for (let shift = 7; shift >= 0; shift -= 1) {
    product = (product << 1) ^ ((product >> 7) * 0x11d)
    product ^= ((y >> shift) & 1) * x
  }
  return product
}

function divisorOf(degree: number): number[] {
  let result = [...Array<number>(degree - 1).fill(0), 1]
  for (let power = 0, root = 1; power < degree; power += 1, root = multiply(root, 2)) {
    result = result.map((value, index) => multiply(value, root) ^ at(result, index + 1))
  }
  return result
}

function remainderOf(data: readonly number[], divisor: readonly number[]): number[] {
  let result = divisor.map(() => 0)
  for (const word of data) {
    const factor = word ^ at(result, 0)
    result = [...result.slice(1), 0].map((value, index) => value ^ multiply(at(divisor, index), factor))
  }
  return result
}

/** Data and correction words, block by block, first words first. */
function interleave(data: readonly number[], version: number): number[] {
  const blocks = at(blocksOf, version - 1)
  const ecc = at(eccPerBlock, version - 1)
  const short = Math.floor(allWords(version) / blocks) - ecc
  const longFrom = blocks - (allWords(version) % blocks)
  const divisor = divisorOf(ecc)
  let from = 0
  const parts = Array.from({ length: blocks }, (_, block) => {
    const words = data.slice(from, from + short + (block < longFrom ? 0 : 1))
    from += words.length
    return { words, correction: remainderOf(words, divisor) }
  })
  const columns = Array.from({ length: short + 1 }, (_, column) => parts.flatMap(({ words }) => (column < words.length ? [at(words, column)] : [])))
  return [...columns.flat(), ...Array.from({ length: ecc }, (_, column) => parts.map(({ correction }) => at(correction, column))).flat()]
}

function emptyGrid(version: number): Grid {
  const size = version * 4 + 17
  const rows = () => Array.from({ length: size }, () => Array<boolean>(size).fill(false))
  return { size, dark: rows(), fixed: rows() }
}

function set({ dark, fixed, size }: Grid, x: number, y: number, value: boolean): void {
  if (x < 0 || y < 0 || x >= size || y >= size) return
  const [row, kept] = [dark[y], fixed[y]]
  if (row && kept) [row[x], kept[x]] = [value, true]
}

function placePatterns(grid: Grid, version: number): void {
  const { size } = grid
  for (let index = 0; index < size; index += 1) {
    set(grid, 6, index, index % 2 === 0)
    set(grid, index, 6, index % 2 === 0)
  }
  const places = alignmentPlaces(version)
  const last = places.length - 1
  places.forEach((x, i) => {
    places.forEach((y, j) => {
      const isFinder = (i === 0 && j === 0) || (i === 0 && j === last) || (i === last && j === 0)
      if (!isFinder) square(grid, x, y, 2, (ring) => ring !== 1)
    })
  })
  for (const [x, y] of [
    [3, 3],
    [size - 4, 3],
    [3, size - 4],
  ] as const)
    square(grid, x, y, 4, (ring) => ring !== 2 && ring !== 4)
  placeFormat(grid, 0)
  if (version >= 7) placeVersion(grid, version)
}

function square(grid: Grid, x: number, y: number, reach: number, isDark: (ring: number) => boolean): void {
  for (let dy = -reach; dy <= reach; dy += 1)
    for (let dx = -reach; dx <= reach; dx += 1) set(grid, x + dx, y + dy, isDark(Math.max(Math.abs(dx), Math.abs(dy))))
}

function alignmentPlaces(version: number): number[] {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, index) => version * 4 + 10 - step * (count - 2 - index))]
}

/** Bits with their BCH remainder: 15 of the format (level M is 00), 18 of the version. */
function withCheck(value: number, degree: number, generator: number): number {
  let rest = value
  for (let step = 0; step < degree; step += 1) rest = (rest << 1) ^ ((rest >> (degree - 1)) * generator)
  return (value << degree) | rest
}

function placeFormat(grid: Grid, mask: number): void {
  const bits = withCheck(mask, 10, 0x537) ^ 0x5412
  const bit = (index: number) => ((bits >> index) & 1) === 1
  const { size } = grid
  for (let index = 0; index <= 5; index += 1) set(grid, 8, index, bit(index))
  set(grid, 8, 7, bit(6))
  set(grid, 8, 8, bit(7))
  set(grid, 7, 8, bit(8))
  for (let index = 9; index < 15; index += 1) set(grid, 14 - index, 8, bit(index))
  for (let index = 0; index < 8; index += 1) set(grid, size - 1 - index, 8, bit(index))
  for (let index = 8; index < 15; index += 1) set(grid, 8, size - 15 + index, bit(index))
  set(grid, 8, size - 8, true)
}

function placeVersion(grid: Grid, version: number): void {
  const bits = withCheck(version, 12, 0x1f25)
  for (let index = 0; index < 18; index += 1) {
    const value = ((bits >> index) & 1) === 1
    const [near, far] = [Math.floor(index / 3), grid.size - 11 + (index % 3)]
    set(grid, far, near, value)
    set(grid, near, far, value)
  }
}

/** Upwards and downwards in pairs of columns from the right, round the timing column. */
function placeData({ size, dark, fixed }: Grid, words: readonly number[]): void {
  let bit = 0
  for (let right = size - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5
    for (let step = 0; step < size; step += 1) {
      const y = ((right + 1) & 2) === 0 ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        const row = dark[y]
        if (!row || fixed[y]?.[x] || bit >= words.length * 8) continue
        row[x] = ((at(words, bit >> 3) >> (7 - (bit & 7))) & 1) === 1
        bit += 1
      }
    }
  }
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
]

function withMask({ size, dark, fixed }: Grid, mask: (x: number, y: number) => boolean, index: number): boolean[][] {
  const copy: Grid = { size, fixed, dark: dark.map((row, y) => row.map((value, x) => (fixed[y]?.[x] ? value : value !== mask(x, y)))) }
  placeFormat(copy, index)
  return copy.dark
}

/** How badly a scanner would see it: long runs, blocks, and an uneven share of dark. Any mask is valid; this picks a readable one. */
function penalty(dark: readonly (readonly boolean[])[]): number {
  const columns = dark.map((_, x) => dark.map((row) => row[x] ?? false))
  let total = 0
  for (const line of [...dark, ...columns]) {
    const text = line.map(Number).join('')
    for (const run of text.match(/0{5,}|1{5,}/g) ?? []) total += run.length - 2
    for (const finder of ['10111010000', '00001011101']) total += 40 * (text.split(finder).length - 1)
  }
  for (let y = 1; y < dark.length; y += 1) {
    for (let x = 1; x < dark.length; x += 1) {
      const same = [dark[y]?.[x - 1], dark[y - 1]?.[x], dark[y - 1]?.[x - 1]].every((value) => value === dark[y]?.[x])
      if (same) total += 3
    }
  }
  const share = dark.flat().filter(Boolean).length / dark.length ** 2
  return total + 10 * Math.floor(Math.abs(share - 0.5) * 20)
}
