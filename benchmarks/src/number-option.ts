/**
 * A numeric option of a script: `--seconds 60`.
 *
 * @throws Error for a value that is not a whole number above 0.
 */
export function numberOption(name: string, usual: number, args: readonly string[] = process.argv.slice(2)): number {
  const at = args.indexOf(`--${name}`)
  if (at < 0) return usual
  const value = Number(args[at + 1])
  if (!Number.isInteger(value) || value < 1) throw new Error(`--${name} needs a whole number above 0`)
  return value
}
