import { BarChart, LineChart } from 'echarts/charts'
import { GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type ECharts, type EChartsCoreOption, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { onBeforeUnmount, onMounted, type Ref, watch } from 'vue'

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export type ChartLook = 'light' | 'dark'
const ink = { light: '#34434b', dark: '#cfdde2' }

export type Bars = { readonly names: readonly string[]; readonly values: readonly number[]; readonly colour: string }
export type Lines = {
  readonly days: readonly string[]
  readonly series: readonly { readonly name: string; readonly colour: string; readonly values: readonly number[] }[]
}

// Words in tooltips are drawn, not made into markup.
const tooltip = { trigger: 'axis', renderMode: 'richText' } as const

export const barOption = ({ names, values, colour }: Bars, look: ChartLook): EChartsCoreOption => ({
  animation: false,
  grid: { left: 8, right: 40, top: 6, bottom: 4, containLabel: true },
  tooltip,
  xAxis: { type: 'value', minInterval: 1, splitLine: { show: false }, axisLabel: { color: ink[look] } },
  yAxis: { type: 'category', inverse: true, data: [...names], axisLabel: { color: ink[look], width: 170, overflow: 'truncate' }, axisTick: { show: false } },
  series: [{ type: 'bar', barMaxWidth: 20, color: colour, data: [...values], label: { show: true, position: 'right', color: ink[look] } }],
})

export const lineOption = ({ days, series }: Lines, look: ChartLook): EChartsCoreOption => ({
  animation: false,
  grid: { left: 8, right: 16, top: 30, bottom: 4, containLabel: true },
  legend: { top: 0, textStyle: { color: ink[look] } },
  tooltip,
  xAxis: { type: 'category', data: [...days], axisLabel: { color: ink[look] } },
  yAxis: { type: 'value', minInterval: 1, axisLabel: { color: ink[look] }, splitLine: { lineStyle: { color: look === 'dark' ? '#24505e' : '#e3e8ea' } } },
  series: series.map(({ name, colour, values }) => ({ name, type: 'line', showSymbol: false, color: colour, data: [...values] })),
})

/** Draws in the box as long as it is there; `choose` is told which of the days was pointed at, wherever above it. */
export function useChart(box: Ref<HTMLElement | undefined>, option: () => EChartsCoreOption | undefined, choose?: (index: number) => void): void {
  let chart: ECharts | undefined
  const draw = (): void => {
    const now = option()
    if (!box.value || !now) return
    if (!chart) {
      chart = init(box.value)
      const drawn = chart
      drawn.getZr().on('click', ({ offsetX, offsetY }) => {
        if (!drawn.containPixel('grid', [offsetX, offsetY])) return
        const [index] = drawn.convertFromPixel('grid', [offsetX, offsetY])
        if (index !== undefined) choose?.(index)
      })
    }
    chart.setOption(now, true)
  }
  const resize = (): void => chart?.resize()
  watch([box, option], draw, { flush: 'post' })
  onMounted(() => {
    draw()
    window.addEventListener('resize', resize)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('resize', resize)
    chart?.dispose()
  })
}
