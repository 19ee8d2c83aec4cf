/**
 * Kong parses everything that the query command prints to stdout, and does not start when a plugin's `console.log` is among it. When `-dump` is on
 * the command line, this module sends everybody's stdout to stderr from the moment it is loaded. Only `writeDump` reaches the real stdout.
 */
const write = process.stdout.write.bind(process.stdout)

if (process.argv.slice(2).some((argument) => /^--?dump(=|$)/.test(argument))) {
  process.stdout.write = process.stderr.write.bind(process.stderr)
}

/** Prints the dump to the real stdout. Resolves when it is written. */
export function writeDump(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    write(`${text}\n`, (error?: Error | null) => (error ? reject(error) : resolve()))
  })
}
