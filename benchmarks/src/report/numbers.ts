/** 12345 → `12,300`; small numbers keep three figures. */
export function figures(value: number): string {
  if (!Number.isFinite(value)) return '–'
  if (value >= 1000) return Math.round(value).toLocaleString('en')
  return String(Number(value.toPrecision(3)))
}

export function ratio(value: number): string {
  return Number.isFinite(value) ? `${value.toFixed(2)}×` : '–'
}

/** KiB in MiB. */
export function mebibytes(kibibytes: number): string {
  return (kibibytes / 1024).toFixed(1)
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
