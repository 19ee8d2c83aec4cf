import { PcreUnknown, type PcreReader } from './pcre-reader.js'

/** Settings for a whole pattern, in front of it, that every PCRE knows. */
const LEADING_OPTION = new RegExp(
  `\\(\\*(?:${[
    'UTF8?|UCP|CR|LF|CRLF|ANY|ANYCRLF|BSR_ANYCRLF|BSR_UNICODE',
    'NO_(?:AUTO_POSSESS|START_OPT)',
    'LIMIT_(?:MATCH|RECURSION)=\\d{1,9}',
  ].join('|')})\\)`,
  'y',
)
/** Those of PCRE2. */
const LEADING_OPTION_2 = /\(\*(?:NUL|NOTEMPTY(?:_ATSTART)?|NO_(?:DOTSTAR_ANCHOR|JIT)|LIMIT_(?:DEPTH|HEAP)=\d{1,9})\)/y
/** Those of later versions. */
const LEADING_OPTION_LATER = /\(\*(?:CASELESS_RESTRICT|TURKISH_CASING)\)/y

/**
 * Reads the options in front of a pattern, such as `(*UTF)`, and sets the reader to UTF mode if they ask for it.
 *
 * @returns whether there are any.
 * @throws PcreUnknown for options that not every PCRE in question knows.
 */
export function readLeadingOptions(reader: PcreReader): boolean {
  const start = reader.at
  for (;;) {
    const option = reader.match(LEADING_OPTION)?.[0]
    // PCRE2 renamed (*UTF8) to (*UTF).
    if (option === '(*UTF8)') throw new PcreUnknown(option)
    if (option === '(*UTF)') reader.isUtf = true
    if (option !== undefined) continue
    if (reader.match(LEADING_OPTION_LATER) !== undefined) throw new PcreUnknown('option of a later PCRE2')
    if (reader.match(LEADING_OPTION_2) === undefined) return reader.at > start
    reader.takenByPcre2('leading option')
  }
}
