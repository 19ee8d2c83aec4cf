/**
 * Kong parses everything the query command prints to stdout, and does not start when a plugin's `console.log` is among it. From the moment this module is
 * loaded with `-dump` on the command line, stdout is stderr for everybody; the dump itself goes through `writeDump`.
 */
const write = process.stdout.write.bind(process.stdout)

if (process.argv.slice(2).some((argument) => /^--?dump(=|$)/.test(argument))) {
  process.stdout.write = process.stderr.write.bind(process.stderr)
}

/** Prints the dump to the real stdout, and resolves when it is written. */
export function writeDump(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    write(`${text}\n`, (error?: Error | null) => (error ? reject(error) : resolve()))
  })
}
